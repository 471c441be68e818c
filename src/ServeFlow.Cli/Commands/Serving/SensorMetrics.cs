using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cli.Commands.Serving.Delivery;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Serving.Sensors;
using ServeFlow.Serving.Workers;
using ServeFlow.Service;
using ServeFlow.Telemetry;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>The metrics of a sensor: their names, and where each number comes from.</summary>
static class SensorMetrics
{
    public static IReadOnlyList<MetricFamily> Read(Sensor sensor, ServeInput input, ServeModels models)
    {
        var (statistics, account, plans) = (sensor.Statistics, sensor.SumAccounts(), sensor.Plans);
        return [.. Packets(statistics, account, input), .. Flows(statistics, account), .. Table(sensor, account),
            .. Decisions(plans.Counted, statistics, account),
            .. RemoteCounts.ReadMetrics(plans.Counted, account.Remote, models.Remote),
            Labels(plans.Labels, account.Answers),
            .. Records(statistics), .. DeliveryMetrics.Read(statistics.Sinks),
            .. SensorDrift.ReadMetrics(statistics.Drift), .. Models(models)];
    }

    /// <summary>Reads the histograms.</summary>
    /// <param name="tiers">Names of the tiers, in the order of counts by tier.</param>
    /// <param name="models">Name and version of each plan that has answered, by its number.</param>
    public static IReadOnlyList<HistogramFamily> ReadHistograms(IReadOnlyList<string> tiers,
        IReadOnlyList<(string Name, string Version)> models, Account account) =>
    [
        new("serveflow_batch_size", "Flows that a tier scored at once.",
            [.. tiers.Select((name, tier) => Series([new("tier", name)], account.BatchSizes, [tier]))]),
        new("serveflow_inference_duration_seconds", "Time that a batch took, features and model, in seconds.",
            [.. models.Index().GroupBy(one => one.Item, one => one.Index).Select(same =>
                Series([new("model", same.Key.Name), new("version", same.Key.Version)], account.BatchSeconds, same))]),
        .. ReadAnswers(tiers, account.Answers),
    ];

    /// <summary>Two contents may have the same name and version: they are one series.</summary>
    static HistogramSeries Series(IReadOnlyList<KeyValuePair<string, string>> labels, BucketCounts counts,
        IEnumerable<int> rows) => new(labels, counts.Bounds,
        [.. rows.Select(counts.Counts).Aggregate((sum, next) => [.. sum.Zip(next, (a, b) => a + b)])],
        rows.Sum(counts.Sum));

    static IReadOnlyList<HistogramFamily> ReadAnswers(IReadOnlyList<string> tiers, AnswerTally answers) =>
    [
        new("serveflow_decision_latency_seconds", "Packet time from a flow's first packet to its answer, in seconds.",
            [.. tiers.Select((name, tier) => new HistogramSeries([new("tier", name)],
                [.. AnswerTally.WaitBoundsMs.ToArray().Select(ms => ms / 1000)], answers.Waits(tier).ToArray(),
                answers.WaitSum(tier)))]),
        new("serveflow_answer_confidence", "Confidence of answers, from 0 to 1.",
            [.. tiers.Select((name, tier) => new HistogramSeries([new("tier", name)],
                [.. Enumerable.Range(1, AnswerTally.ConfidenceSteps - 1)
                    .Select(step => step / (double)AnswerTally.ConfidenceSteps)],
                answers.Confidences(tier).ToArray(), answers.ConfidenceSum(tier)))]),
    ];

    static IEnumerable<MetricFamily> Packets(SensorStatistics statistics, Account account, ServeInput input)
    {
        var links = input.ReadCounters().ToList();
        var kept = statistics.Dump;
        yield return MetricFamily.Counter("serveflow_packets_captured", "Packets handed to the workers.",
            new MetricPoint(statistics.Received));
        yield return MetricFamily.Counter("serveflow_packets_received",
            "Packets that passed the filter, those dropped by the kernel included.",
            [.. links.Select(link => MetricPoint.From("iface", link.Interface, link.Counters.Received))]);
        yield return MetricFamily.Counter("serveflow_packets_dropped",
            "Packets lost: to a full ring (kernel), by the device (interface), as no IP that can be decoded (decode); "
            + "of --dump-flows, overwritten in its buffer (memcap), or not taken by its queue or disk (queue).",
            [MetricPoint.From("where", "decode", account.Ignored.Total - account.Ignored[IgnoreReason.NotIp]),
                .. kept is null ? Array.Empty<MetricPoint>() : [MetricPoint.From("where", "memcap", kept.Missed),
                    MetricPoint.From("where", "queue", kept.Lost + kept.Failed)],
                .. links.SelectMany(link => new[]
            {
                new MetricPoint(link.Counters.DroppedByKernel, [new("iface", link.Interface), new("where", "kernel")]),
                new MetricPoint(link.Counters.DroppedByInterface,
                    [new("iface", link.Interface), new("where", "interface")]),
            })]);
        yield return MetricFamily.Counter("serveflow_packets_ignored",
            "Packets without an IP header that could be decoded, by reason.", Points("why", account.Ignored));
        yield return MetricFamily.Counter("serveflow_packets_outside_flows",
            "Packets that were decoded but belong to no flow, by reason.", Points("why", account.Untracked));
        yield return MetricFamily.Gauge("serveflow_interface_up", "1 where the interface carries packets, else 0.",
            [.. input.Links.States().Select(link => MetricPoint.From("iface", link.Name, link.IsUp ? 1 : 0))]);
    }

    static IEnumerable<MetricFamily> Flows(SensorStatistics statistics, Account account) =>
    [
        MetricFamily.Gauge("serveflow_flows_active", "Flows that are open.", new MetricPoint(statistics.Active)),
        MetricFamily.Gauge("serveflow_flows_undecided", "Flows that wait for their answer.",
            new MetricPoint(statistics.Undecided)),
        MetricFamily.Counter("serveflow_flows_created", "Flows since the start.", new MetricPoint(statistics.Created)),
        MetricFamily.Counter("serveflow_flows_ended", "Flows that ended, by reason.", Points("reason", account.Ended)),
    ];

    static IEnumerable<MetricFamily> Table(Sensor sensor, Account account)
    {
        var (bytes, limit) = sensor.SumTableBytes();
        return
        [
            MetricFamily.Gauge("serveflow_flow_table_bytes", "Memory of the flow tables, in bytes.",
                new MetricPoint(bytes)),
            MetricFamily.Gauge("serveflow_flow_table_limit_bytes", "The most that it can come to, in bytes.",
                new MetricPoint(limit)),
            MetricFamily.Gauge("serveflow_emergency_mode",
                "Workers whose flow table was full and has not had enough free room since.",
                new MetricPoint(account.Events[FlowEvent.EmergencyBegan] - account.Events[FlowEvent.EmergencyEnded])),
        ];
    }

    /// <summary>Two classes may have the same name, and a class may be called unknown.</summary>
    static MetricFamily Labels(IReadOnlyList<string> names, AnswerTally answers)
    {
        var counts = answers.Labels.ToArray();
        return MetricFamily.Counter("serveflow_answers", "Answers, by label.",
            [.. names.Zip(counts, (name, count) => (Name: name, Count: count))
                .Append((Name: Classification.UnknownLabel, Count: answers.Unknown))
                .GroupBy(label => label.Name, label => label.Count)
                .Select(label => MetricPoint.From("label", label.Key, label.Sum()))]);
    }

    static IEnumerable<MetricFamily> Decisions(CascadePlan plan, SensorStatistics statistics, Account account) =>
    [
        MetricFamily.Counter("serveflow_decisions", "Answers, by tier and reason.",
            [.. plan.Tiers.SelectMany((tier, i) => Enum.GetValues<DecisionReason>().Select(reason =>
                new MetricPoint(account.CountDecisions(i, reason),
                    [new("tier", tier.Name), new("reason", SnakeCase.From(reason))])))]),
        MetricFamily.Gauge("serveflow_queue_depth",
            "Flows that wait for a tier: for its packets, or for their turn.",
            [.. plan.Tiers.Take(account.Waiting.Length).Select((tier, i) =>
                MetricPoint.From("tier", tier.Name, account.Waiting[i]))]),
        MetricFamily.Counter("serveflow_decisions_shed",
            "Answers of a tier that would have escalated the flow but for the load.",
            [.. plan.Tiers.Take(statistics.ShedByTier.Count).Select((tier, i) =>
                MetricPoint.From("tier", tier.Name, statistics.ShedByTier[i]))]),
    ];

    static IEnumerable<MetricFamily> Records(SensorStatistics statistics)
    {
        yield return MetricFamily.Counter("serveflow_records_written", "Records that reached the output.",
            Sinks(sink => sink.Written));
        yield return MetricFamily.Counter("serveflow_records_failed", "Records that the output did not take.",
            Sinks(sink => sink.Failed));
        yield return MetricFamily.Counter("serveflow_records_lost", "Records that found the output's queue full.",
            Sinks(sink => sink.Lost));
        yield return MetricFamily.Counter("serveflow_records_left_out",
            "Records that the output does not want, or that its bounds left out.",
            Sinks(sink => sink.LeftOut?.Total ?? 0));
        yield return MetricFamily.Counter("serveflow_sink_failures", "Attempts to write that failed.",
            Sinks(sink => sink.Failures));
        yield return MetricFamily.Gauge("serveflow_sink_failing",
            "1 where the output takes no records now, or was given up, else 0.", Sinks(sink => sink.IsFailing ? 1 : 0));
        yield return MetricFamily.Gauge("serveflow_sink_waiting_records", "Records in the output's queues.",
            Sinks(sink => sink.Waiting));

        IReadOnlyList<MetricPoint> Sinks(Func<SinkStatistics, double> read) =>
            [.. statistics.Sinks.Select(sink => MetricPoint.From("sink", sink.Name, read(sink)))];
    }

    static IEnumerable<MetricFamily> Models(ServeModels models) =>
    [
        MetricFamily.Gauge("serveflow_model_info",
            "A model in use: main, canary or shadow; always 1. The hash is that of the bundle's manifest.",
            [.. models.InUse.Roles.Select(entry => new MetricPoint(1, [new("model", entry.Model.Bundle.Plan.Name),
                new("version", entry.Model.Bundle.Plan.Version), new("sha256", entry.Model.Bundle.Sha256),
                new("role", entry.Role)]))]),
        MetricFamily.Counter("serveflow_model_answers", "Answers, by the model that gave them.",
            [.. models.CountAnswers().Select(one => new MetricPoint(one.Answers,
                [new("model", one.Model), new("version", one.Version)]))]),
        MetricFamily.Counter("serveflow_shadow_answers",
            "Flows that the shadow answered too, by the label that was given and whether the shadow agrees.",
            [.. models.CountCompared().SelectMany(one => new[]
            {
                new MetricPoint(one.Agreed, [new("label", one.Label), new("agrees", "true")]),
                new MetricPoint(one.Disagreed, [new("label", one.Label), new("agrees", "false")]),
            })]),
        MetricFamily.Counter("serveflow_model_reloads",
            "Changes of the model that answers, by result: applied, or refused, which kept the earlier one.",
            MetricPoint.From("result", "applied", models.Applied), MetricPoint.From("result", "refused",
                models.Refused)),
        MetricFamily.Gauge("serveflow_model_change_pause_seconds",
            "The longest time that packets waited for a change of the model, in seconds.",
            new MetricPoint(models.LongestPause.TotalSeconds)),
    ];

    static IReadOnlyList<MetricPoint> Points<T>(string label, Tally<T> tally) where T : struct, Enum =>
        [.. Enum.GetValues<T>().Select(reason => MetricPoint.From(label, SnakeCase.From(reason), tally[reason]))];
}
