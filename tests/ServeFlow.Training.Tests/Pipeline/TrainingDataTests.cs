using ServeFlow.Cascade.Bundles;
using ServeFlow.Features;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Pipeline;

/// <summary>No flow is on two sides of a division, none is lost.</summary>
public sealed class TrainingDataTests
{
    static readonly TrainRequest Request = new() { Data = SessionFlows.Data(), Bundle = "", HoldOut = 0.25, Folds = 3 };

    [Fact]
    public void Divide_Folds_HoldEachTrainingFlowOutOnce()
    {
        var data = TrainingData.Divide(Request);

        Assert.Equal(Indices(data.Flows), data.Folds.SelectMany(fold => Indices(fold.HeldOut)).Order());
        Assert.All(data.Folds, fold => Assert.Equal(Indices(data.Flows),
            Indices(fold.Train).Concat(Indices(fold.HeldOut)).Order()));
    }

    [Fact]
    public void Divide_Promise_SetsNothingAside()
    {
        var data = TrainingData.Divide(Request with { Promise = new(0.1, 0.9) });

        Assert.Equal(Indices(data.Flows), Indices(data.CalibrationFlows));
        Assert.Equal(Indices(TrainingData.Divide(Request).Flows), Indices(data.Flows));
        Assert.InRange(data.Flows.Count, 1, data.DataSet.Flows.Count - 1);
    }

    [Fact]
    public void Divide_Parts_AreTheFoldsOfWholeCaptures()
    {
        var data = TrainingData.Divide(Request);

        Assert.Equal([0, 1, 2], data.Parts.Distinct().Order());
        Assert.All(data.Parts.Zip(data.CalibrationFlows.Captures).GroupBy(flow => flow.Second),
            capture => Assert.Single(capture.Select(flow => flow.First).Distinct()));
    }

    [Fact]
    public void Divide_ByCapture_MakesNoMoreFoldsThanCaptures()
    {
        var captures = TrainingData.Divide(Request).Flows.Captures.Distinct().Count();

        Assert.Equal(captures, TrainingData.Divide(Request with { Folds = 1000 }).Folds.Count);
    }

    /// <summary>A minute of one packet after the other says what it is by how many there are.</summary>
    [Theory]
    [InlineData(true, new[] { 1, 10, 10_000 })]
    [InlineData(false, new[] { 1, 10 })]
    public void Create_WindowsThatDifferInVolume_AddsWholeWindows(bool tries, int[] depths)
    {
        var request = new TrainRequest
        {
            Data = VolumeWindows(),
            Bundle = "",
            Trainers = [new DtTrainer()],
            Depths = [1, 10],
            ChoosesFeatures = true,
            TriesWholeWindows = tries,
            Options = new() { Threads = 1 },
        };
        var data = TrainingData.Create(request, new Steps(), TestContext.Current.CancellationToken);

        Assert.Equal(depths, data.Specs.Select(spec => spec.Depth));
        Assert.Equal(tries, data.DataSet.Schema.Set == "nprint:none+agg");
        Assert.Equal(tries, data.FeatureChoice!.Why.EndsWith("over whole windows, up to 10000 packets",
            StringComparison.Ordinal));
        Assert.False((request with { Data = SessionFlows.Data() }).TriesWholeWindows);
    }

    /// <summary>Made-up windows of three classes: 20, 40 or 60 packets, all alike.</summary>
    static DataSet VolumeWindows()
    {
        var (store, windows) = (new HeaderStore(), new List<LabelledFlow>());
        for (var i = 0; i < 12 * 12; i++)
        {
            var packets = new HeaderRecord[20 * (1 + (i % 3))];
            packets.AsSpan().Fill(new() { UdpLength = 8, Size = 100 });
            windows.Add(new(i % 3, i / 12, i, i + 1, store.Add(packets), packets.Length));
        }

        return new()
        {
            Schema = FeatureSchema.Parse(FeatureSchema.DefaultWindowSet),
            Depth = BundleLimits.MaxPackets,
            Unit = new(TimeSpan.FromSeconds(60)),
            Labels = ["low", "medium", "high"],
            Captures = [.. Enumerable.Range(0, 12).Select(c => new Capture($"{c}.pcap", $"{c:x64}"))],
            Flows = windows,
            Headers = store,
        };
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Work_StageAfterStage_ProgressOnlyGrows(bool leavesClassesOut)
    {
        var (first, second) = (new ModelSpec("dt", 1), new ModelSpec("lgbm", 10));
        var seen = new Steps();
        var work = new TrainingWork([first, second], choosesFeatures: false, leavesClassesOut, seen);
        work.Candidate(first).Report(new(1, ""));
        work.Candidate(second).Report(new(1, ""));
        work.ReportPlacement();
        if (leavesClassesOut)
        {
            work.LeavingOut.Report(new(0.5, ""));
        }

        work.ReportEnd();

        Assert.Equal(seen.Done.Order(), seen.Done);
        Assert.Equal(1, seen.Done[^1]);
    }

    static IEnumerable<int> Indices(FlowSample flows) => Enumerable.Range(0, flows.Count).Select(flows.FlowIndex);

    sealed class Steps : IProgress<TrainingProgress>
    {
        public List<double> Done { get; } = [];

        public void Report(TrainingProgress value) => Done.Add(value.Done);
    }
}
