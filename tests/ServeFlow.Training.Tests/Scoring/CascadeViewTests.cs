using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Features;
using ServeFlow.Packets.Captures;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Synthesis;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Scoring;

/// <summary>What evaluation says that a cascade does, beside what a worker does, on synthetic captures.</summary>
public sealed class CascadeViewTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("serveflow-view-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(200)]
    public void From_AnyEscalationTimeout_IsWhatAWorkerDoes(int patienceMs)
    {
        var set = SyntheticSet.Write(
            new() { Directory = Path.Combine(root, "set"), Flows = 400, Classes = 4, Captures = 3 },
            cancel: TestContext.Current.CancellationToken);
        var data = DataSetBuilder.Build(new()
        {
            Path = set.Directory,
            Labels = set.Labels,
            Depth = 6,
            Schema = FeatureSchema.Parse(FeatureSchema.DefaultSet),
        }, cancel: TestContext.Current.CancellationToken).Data;
        var plan = WithEscalationTimeout(Train(data), patienceMs);

        Assert.Equal(Expected(plan, data), Served(plan, data, set.Directory));
    }

    CascadePlan Train(DataSet data) => Bundle.Load(CascadeTrainer.Train(new()
    {
        Data = data,
        Bundle = Path.Combine(root, "bundle"),
        Trainers = [new DtTrainer()],
        Depths = [1, 3, 6],
        Tiers = ModelSpec.ParseList("dt@1,dt@3,dt@6"),
        EscalationTimeoutShare = 0,
        Options = new() { Threads = 1 },
    }, cancel: TestContext.Current.CancellationToken).Bundle).Plan;

    /// <summary>
    /// The same tiers, surer than calibration made them, so that many flows wait; 0 waits to the limit.
    /// </summary>
    static CascadePlan WithEscalationTimeout(CascadePlan plan, int patienceMs) => new()
    {
        Name = plan.Name,
        Version = plan.Version,
        Schema = plan.Schema,
        Labels = plan.Labels,
        WaitLimit = plan.WaitLimit,
        Tiers =
        [
            .. plan.Tiers.Select((tier, number) => new TierPlan
            {
                Name = tier.Name, Model = tier.Model, ModelSha256 = tier.ModelSha256, PacketDepth = tier.PacketDepth,
                Compiled = tier.Compiled,
                Rule = number == plan.Tiers.Count - 1 ? tier.Rule
                    : tier.Rule with { Thresholds = [.. plan.Labels.Select((_, label) => label % 2 == 0 ? 0.01 : -1)] },
                EscalationTimeouts = number == plan.Tiers.Count - 1 || patienceMs == 0 ? null
                    : [.. plan.Labels.Select((_, label) => TimeSpan.FromMilliseconds(patienceMs * (1 + (label % 3))))],
            }),
        ],
    };

    static string[] Expected(CascadePlan plan, DataSet data)
    {
        var flows = FlowSample.All(data);
        int[] depths = [.. plan.Tiers.Select(t => t.PacketDepth)];
        var whole = plan.Tiers.Select((t, tier) => Score(tier, flows, [.. Enumerable.Range(0, flows.Count).Select(f =>
            WaitTime.Compute(flows, f, depths[tier], plan.WaitLimit).Packets)])).ToList();
        var view = CascadeView.From(new(flows, plan.WaitLimit), depths, whole,
            [.. plan.Tiers.Select(EscalationTimeoutRule.From)], Score);
        var run = CascadeRun.ByRules([.. plan.Tiers.Select(t => t.Rule)], view.Tiers);
        return [.. Enumerable.Range(0, flows.Count).Select(f => Line(data.Flows[f].FirstNs, run.Tier(f), run.Answer(f),
            view.Packets(f, run.Tier(f)), view.ReadyNs(f, run.Tier(f)))).Order()];

        Predictions Score(int tier, FlowSample some, int[] packets) =>
            new FlowScorer(depths[tier], plan.WaitLimit, plan.Tiers[tier].CreateScorer)
                .Score(some, packets, plan.Labels.Count, TestContext.Current.CancellationToken);
    }

    /// <summary>Times in whole microseconds, as records of headers keep them.</summary>
    static string Line(long firstNs, int tier, int label, int packets, long waitNs) =>
        $"{firstNs} tier {tier} label {label} packets {packets} wait {waitNs / 1000}";

    static string[] Served(CascadePlan plan, DataSet data, string directory)
    {
        var log = new AnswerLog();
        foreach (var capture in data.Captures)
        {
            using var file = CaptureFile.Open(Path.Combine(directory, capture.Path));
            var worker = new Worker(plan, new(), log);
            worker.Run(file, TestContext.Current.CancellationToken);
            worker.Finish();
        }

        var labelled = data.Flows.Select(f => f.FirstNs).ToHashSet();
        return [.. log.Answers.Where(a => labelled.Contains(a.Flow.FirstNs)).Select(a => Line(a.Flow.FirstNs,
            a.Classification.Tier, a.Classification.LabelId, a.Classification.PacketsUsed,
            a.TimestampNs - a.Flow.FirstNs)).Order()];
    }

    sealed class AnswerLog : IRecordSink
    {
        public List<FlowRecord> Answers { get; } = [];

        public void BeginCapture(string name)
        {
        }

        public void Write(in FlowRecord record)
        {
            if (record.Kind == RecordKind.Prediction)
            {
                Answers.Add(record);
            }
        }

        public void Flush()
        {
        }

        public void Dispose()
        {
        }
    }
}
