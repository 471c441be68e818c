using System.Diagnostics;
using ServeFlow.Serving.Sensors;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Formats what a sensor did, and did lately, as a line for people and an object for machines.</summary>
sealed class ServeStatistics(Sensor sensor, ServeInput input)
{
    readonly Stopwatch clock = Stopwatch.StartNew();
    SensorStatistics now = sensor.Statistics;
    SensorStatistics before = sensor.Statistics;
    TimeSpan nowAt;
    TimeSpan beforeAt;

    public TimeSpan Elapsed => clock.Elapsed;

    double Seconds => Math.Max((nowAt - beforeAt).TotalSeconds, 1e-9);

    double PacketsPerSecond => (now.Received - before.Received) / Seconds;

    double FlowsPerSecond => (now.Created - before.Created) / Seconds;

    /// <summary>Looks again; rates are since the last time this was called.</summary>
    public void Refresh()
    {
        (before, beforeAt) = (now, nowAt);
        (now, nowAt) = (sensor.Statistics, clock.Elapsed);
    }

    public string Line()
    {
        var text = $"{PacketsPerSecond:N0} packets/s, {FlowsPerSecond:N0} flows/s, {now.Active:N0} active, "
            + $"{now.Undecided:N0} undecided; {Tiers()}";
        var dropped = input.SumCounters().DroppedByKernel + input.SumCounters().DroppedByInterface;
        return text
            + (input.IsLive ? $"; {dropped:N0} dropped" : "")
            + string.Concat(input.Links.Impaired().Select(link => $"; {link}"))
            + SensorDrift.Line(now.Drift)
            + string.Concat(now.Sinks.Select(sink =>
                $"; {sink.Name} {sink.Written:N0} written, {sink.Lost + sink.Failed:N0} lost"
                + (sink.Delivery is { Spool: var spool } ? $", {spool.Delivered:N0} delivered" : "")));
    }

    public StatisticsDocument ToDocument() => new(SensorDocument.From(sensor.Plans.Counted, now, input))
    {
        Timestamp = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"),
        Seconds = Math.Round(nowAt.TotalSeconds, 3),
        PacketsPerSecond = Math.Round(PacketsPerSecond, 1),
        FlowsPerSecond = Math.Round(FlowsPerSecond, 1),
    };

    /// <summary>Formats each tier's share of all answers.</summary>
    string Tiers()
    {
        var total = Math.Max(1, now.DecisionsByTier.Sum());
        return string.Join(", ", sensor.Plans.Counted.Tiers.Take(now.DecisionsByTier.Count).Select((tier, i) =>
            $"{tier.Name} {100.0 * now.DecisionsByTier[i] / total:F1} %"));
    }
}
