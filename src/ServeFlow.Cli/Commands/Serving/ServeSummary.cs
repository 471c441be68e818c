using System.Text.Json.Nodes;
using ServeFlow.Cascade;
using ServeFlow.Packets.Live;
using ServeFlow.Serving.Sensors;
using ServeFlow.Serving.Workers;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>What a sensor says at its end: tcpdump's three lines, and everything that came in and what became of it.
/// </summary>
sealed class ServeSummary(CascadePlan plan, Account account, SensorStatistics statistics, ServeInput input,
    TimeSpan elapsed)
{
    /// <summary>Lines for people.</summary>
    public string Text()
    {
        var counters = Sum(input);
        var received = input.IsLive ? counters.Received : account.Received;
        var lines = new List<string>
        {
            $"{account.Received} packets captured",
            $"{received} packets received by filter",
            $"{counters.DroppedByKernel} packets dropped by kernel",
        };
        if (counters.DroppedByInterface > 0)
        {
            lines.Add($"{counters.DroppedByInterface} packets dropped by interface");
        }

        lines.AddRange(AccountText.Lines(plan, account));
        lines.AddRange(statistics.Sinks.Select(Line));
        if (statistics.Dump is { } dump)
        {
            lines.Add($"chosen flows: {dump.Written:N0} packets written, {dump.Missed:N0} gone before the answer came, "
                + $"{dump.Lost:N0} lost to a full queue, {dump.Failed:N0} not taken by the disk");
        }

        lines.Add($"{elapsed.TotalSeconds:F2} s, {account.Created / Math.Max(elapsed.TotalSeconds, 1e-9):N0} flows per second");
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>One object for machines.</summary>
    public string Json()
    {
        var json = new JsonObject { ["seconds"] = Math.Round(elapsed.TotalSeconds, 3) };
        AddTo(json, plan, statistics, input);
        json["ended"] = AccountText.Counts(account.Ended);
        json["reasons"] = AccountText.Counts(account.Decisions);
        json["balances"] = account.Balances;
        return json.ToJsonString();
    }

    /// <summary>Adds the counts that are the same at any time.</summary>
    public static void AddTo(JsonObject json, CascadePlan plan, SensorStatistics counts, ServeInput input)
    {
        var counters = Sum(input);
        json["packets"] = counts.Received;
        json["received_by_filter"] = input.IsLive ? counters.Received : counts.Received;
        json["dropped"] = new JsonObject
        {
            ["kernel"] = counters.DroppedByKernel,
            ["interface"] = counters.DroppedByInterface,
        };
        json["tracked"] = counts.Tracked;
        json["outside_flows"] = counts.Outside;
        json["ignored"] = counts.Ignored;
        json["flows"] = counts.Created;
        json["active"] = counts.Active;
        json["undecided"] = counts.Undecided;
        json["overload"] = counts.Overload;
        json["tiers"] = new JsonArray([.. plan.Tiers.Select((tier, i) => new JsonObject
        {
            ["name"] = tier.Name,
            ["decisions"] = counts.DecisionsByTier[i],
            ["shed"] = counts.ShedByTier[i],
        })]);
        json["interfaces"] = new JsonArray([.. input.ReadCounters().Select(entry => new JsonObject
        {
            ["name"] = entry.Interface,
            ["received"] = entry.Counters.Received,
            ["dropped_by_kernel"] = entry.Counters.DroppedByKernel,
            ["dropped_by_interface"] = entry.Counters.DroppedByInterface,
        })]);
        json["sinks"] = new JsonArray([.. counts.Sinks.Select(sink => new JsonObject
        {
            ["name"] = sink.Name,
            ["written"] = sink.Written,
            ["lost_predictions"] = sink.LostPredictions,
            ["lost_flows"] = sink.LostEnds,
            ["failed"] = sink.Failed,
            ["waiting"] = sink.Waiting,
            ["failures"] = sink.Failures,
        })]);
        if (counts.Dump is { } dump)
        {
            json["dumped_packets"] = Json(dump);
        }
    }

    static JsonObject Json(FlowDumpStatistics dump) => new()
    {
        ["written"] = dump.Written,
        ["missed"] = dump.Missed,
        ["lost"] = dump.Lost,
        ["failed"] = dump.Failed,
    };

    static CaptureCounters Sum(ServeInput input) =>
        input.ReadCounters().Aggregate(default(CaptureCounters), (sum, entry) => sum + entry.Counters);

    static string Line(SinkStatistics sink)
    {
        var lost = sink.Lost == 0 ? "none lost"
            : $"{sink.Lost:N0} lost to a full queue ({sink.LostPredictions:N0} predictions, {sink.LostEnds:N0} flows)";
        var failed = sink.Failed == 0 ? "" : $", {sink.Failed:N0} not taken by the medium";
        return $"{sink.Name}: {sink.Written:N0} records written, {lost}{failed}";
    }
}
