using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ServeFlow.Cascade;
using ServeFlow.Packets.Live;
using ServeFlow.Serving.Sensors;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>What a sensor did, and did lately, as a line for people and an object for machines.</summary>
sealed class ServeStatistics(CascadePlan plan, Sensor sensor, ServeInput input)
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
        var dropped = Counters().DroppedByKernel + Counters().DroppedByInterface;
        return text
            + (input.IsLive ? $"; {dropped:N0} dropped" : "")
            + string.Concat(now.Sinks.Select(sink =>
                $"; {sink.Name} {sink.Written:N0} written, {sink.Lost + sink.Failed:N0} lost"));
    }

    public JsonObject Json()
    {
        var json = new JsonObject
        {
            ["timestamp"] = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture),
            ["seconds"] = Math.Round(nowAt.TotalSeconds, 3),
            ["packets_per_second"] = Math.Round(PacketsPerSecond, 1),
            ["flows_per_second"] = Math.Round(FlowsPerSecond, 1),
        };
        ServeSummary.AddTo(json, plan, now, input);
        return json;
    }

    CaptureCounters Counters() =>
        input.ReadCounters().Aggregate(default(CaptureCounters), (sum, entry) => sum + entry.Counters);

    /// <summary>Which share of all answers is whose.</summary>
    string Tiers()
    {
        var total = Math.Max(1, now.DecisionsByTier.Sum());
        return string.Join(", ", plan.Tiers.Select((tier, i) =>
            $"{tier.Name} {100.0 * now.DecisionsByTier[i] / total:F1} %"));
    }
}
