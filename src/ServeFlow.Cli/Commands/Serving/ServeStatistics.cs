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
            + SensorDrift.Line(sensor.Plans, now.Drifts)
            + string.Concat(now.Sinks.Select(sink =>
                $"; {sink.Name} {sink.Written:N0} written, {sink.Lost + sink.Failed:N0} lost"
                + (sink.Delivery is { Spool: var spool } ? $", {spool.Delivered:N0} delivered" : "")));
    }

    public StatisticsDocument ToDocument() => new(SensorDocument.From(sensor.Plans, now, input))
    {
        Timestamp = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"),
        Seconds = Math.Round(nowAt.TotalSeconds, 3),
        PacketsPerSecond = Math.Round(PacketsPerSecond, 1),
        FlowsPerSecond = Math.Round(FlowsPerSecond, 1),
    };

    /// <summary>Formats each tier's share of all answers.</summary>
    string Tiers()
    {
        var plans = sensor.Plans;
        var counts = now.DecisionsByTier;
        return string.Join(", ", plans.TierNames.Take(counts.Count).Select((name, i) =>
        {
            var total = counts.Where((_, other) => plans.TierTasks[other] == plans.TierTasks[i]).Sum();
            return $"{(plans.Tasks > 1 ? $"{plans.TierTasks[i]} " : "")}{name} "
                + $"{100.0 * counts[i] / Math.Max(1, total):F1} %";
        }));
    }
}
