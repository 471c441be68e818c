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

/// <summary>Provides the metrics of a sensor: their names, and where each number comes from.</summary>
static class SensorMetrics
{
    public static IReadOnlyList<MetricFamily> Read(Sensor sensor, ServeInput input,
        IReadOnlyList<ServeModels> models)
    {
        var (statistics, account, plans) = (sensor.Statistics, sensor.SumAccounts(), sensor.Plans);
        return [.. Packets(statistics, account, input), .. Flows(statistics, account), .. Table(sensor, account),
            .. Decisions(plans, statistics, account),
            .. RemoteCounts.ReadMetrics(plans.Counted, account.Remote, models[0].Remote), Labels(plans, account),
            .. Records(statistics), .. DeliveryMetrics.Read(statistics.Sinks),
            .. SensorDrift.ReadMetrics(plans, statistics.Drifts), .. Models(plans, models)];
    }

    /// <summary>Reads the histograms.</summary>
    /// <param name="plans">The plans that have answered.</param>
    public static IReadOnlyList<HistogramFamily> ReadHistograms(ServedPlans plans, Account account) =>
    [
        new("serveflow_batch_size", "Flows that a tier scored at once.",
            [.. Tiers(plans).Select(tier => Series(TaskLabels.OfTier(plans, tier), account.BatchSizes, [tier]))]),
        new("serveflow_inference_duration_seconds", "Time that a batch took, features and model, in seconds.",
            [.. Enumerable.Range(0, plans.Count)
                .GroupBy(model => (plans[model].Task, plans[model].Name, plans[model].Version)).Select(same =>
                Series(TaskLabels.Create(plans, same.Key.Task, new("model", same.Key.Name),
                    new("version", same.Key.Version)), account.BatchSeconds, same))]),
        .. ReadAnswers(plans, account.Answers),
    ];

    static IEnumerable<int> Tiers(ServedPlans plans) => Enumerable.Range(0, plans.TierNames.Count);

    /// <summary>Two contents may have the same name and version: they are one series.</summary>
    static HistogramSeries Series(IReadOnlyList<KeyValuePair<string, string>> labels, BucketCounts counts,
        IEnumerable<int> rows) => new(labels, counts.Bounds,
        [.. rows.Select(counts.Counts).Aggregate((sum, next) => [.. sum.Zip(next, (a, b) => a + b)])],
        rows.Sum(counts.Sum));

    static IReadOnlyList<HistogramFamily> ReadAnswers(ServedPlans plans, AnswerTally answers) =>
    [
        new("serveflow_decision_latency_seconds", "Packet time from a flow's first packet to its answer, in seconds.",
            [.. Tiers(plans).Select(tier => new HistogramSeries(TaskLabels.OfTier(plans, tier),
                [.. AnswerTally.WaitBoundsMs.ToArray().Select(ms => ms / 1000)], answers.Waits(tier).ToArray(),
                answers.WaitSum(tier)))]),
        new("serveflow_answer_confidence", "Confidence of answers, from 0 to 1.",
            [.. Tiers(plans).Select(tier => new HistogramSeries(TaskLabels.OfTier(plans, tier),
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

    /// <summary>
    /// Two classes may have the same name, and a class may be called unknown. The unknown of a task are those of its
    /// answers that have no label.
    /// </summary>
    static MetricFamily Labels(ServedPlans plans, Account account)
    {
        var counts = account.Answers.Labels.ToArray();
        var labels = plans.Labels.Zip(plans.LabelTasks, counts).Select(label =>
            (Name: label.First, Task: label.Second, Count: label.Third)).ToList();
        var tiers = account.DecisionsByTier.ToArray();
        var unknown = plans.Tasks == 1 ? [(Name: Classification.UnknownLabel, Task: "", account.Answers.Unknown)]
            : plans.TierTasks.Zip(tiers).GroupBy(tier => tier.First, tier => tier.Second).Select(task =>
                (Name: Classification.UnknownLabel, Task: task.Key, Count: Math.Max(0, task.Sum()
                    - labels.Where(label => label.Task == task.Key).Sum(label => label.Count))));
        return MetricFamily.Counter("serveflow_answers", "Answers, by label.",
            [.. labels.Concat(unknown).GroupBy(label => (label.Task, label.Name), label => label.Count)
                .Select(same => TaskLabels.Point(same.Sum(),
                    TaskLabels.Create(plans, same.Key.Task, KeyValuePair.Create("label", same.Key.Name))))]);
    }

    static IEnumerable<MetricFamily> Decisions(ServedPlans plans, SensorStatistics statistics, Account account) =>
    [
        MetricFamily.Counter("serveflow_decisions", "Answers, by tier and reason.",
            [.. Tiers(plans).SelectMany(tier => Enum.GetValues<DecisionReason>().Select(reason =>
                TaskLabels.Point(account.CountDecisions(tier, reason),
                    TaskLabels.OfTier(plans, tier, KeyValuePair.Create("reason", SnakeCase.From(reason))))))]),
        MetricFamily.Gauge("serveflow_queue_depth",
            "Flows that wait for a tier: for its packets, or for their turn.",
            [.. Tiers(plans).Take(account.Waiting.Length).Select(tier =>
                TaskLabels.Point(account.Waiting[tier], TaskLabels.OfTier(plans, tier)))]),
        MetricFamily.Counter("serveflow_decisions_shed",
            "Answers of a tier that would have escalated the flow but for the load.",
            [.. Tiers(plans).Take(statistics.ShedByTier.Count).Select(tier =>
                TaskLabels.Point(statistics.ShedByTier[tier], TaskLabels.OfTier(plans, tier)))]),
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

    static IEnumerable<MetricFamily> Models(ServedPlans plans, IReadOnlyList<ServeModels> models) =>
    [
        MetricFamily.Gauge("serveflow_model_info",
            "A model in use: main, canary or shadow; always 1. The hash is that of the bundle's manifest.",
            [.. models.SelectMany(task => task.InUse.Roles.Select(entry => TaskLabels.Point(1,
                TaskLabels.Create(plans, task.Task, new("model", entry.Model.Bundle.Plan.Name),
                    new("version", entry.Model.Bundle.Plan.Version), new("sha256", entry.Model.Bundle.Sha256),
                    new("role", entry.Role)))))]),
        MetricFamily.Counter("serveflow_model_answers", "Answers, by the model that gave them.",
            [.. models.SelectMany(task => task.CountAnswers().Select(one => TaskLabels.Point(one.Answers,
                TaskLabels.Create(plans, task.Task, new("model", one.Model), new("version", one.Version)))))]),
        MetricFamily.Counter("serveflow_shadow_answers",
            "Flows that the shadow answered too, by the label that was given and whether the shadow agrees.",
            [.. models[0].CountCompared().SelectMany(one => new[]
            {
                new MetricPoint(one.Agreed, [new("label", one.Label), new("agrees", "true")]),
                new MetricPoint(one.Disagreed, [new("label", one.Label), new("agrees", "false")]),
            })]),
        MetricFamily.Counter("serveflow_model_reloads",
            "Changes of the model that answers, by result: applied, or refused, which kept the earlier one.",
            MetricPoint.From("result", "applied", models.Sum(task => task.Applied)),
            MetricPoint.From("result", "refused", models.Sum(task => task.Refused))),
        MetricFamily.Gauge("serveflow_model_change_pause_seconds",
            "The longest time that packets waited for a change of the model, in seconds.",
            new MetricPoint(models[0].LongestPause.TotalSeconds)),
    ];

    static IReadOnlyList<MetricPoint> Points<T>(string label, Tally<T> tally) where T : struct, Enum =>
        [.. Enum.GetValues<T>().Select(reason => MetricPoint.From(label, SnakeCase.From(reason), tally[reason]))];
}
