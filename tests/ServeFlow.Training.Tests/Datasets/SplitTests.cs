using CsCheck;
using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets;

public sealed class SplitTests
{
    static readonly Gen<(int Capture, int Label)[]> Flows =
        Gen.Select(Gen.Int[0, 11], Gen.Int[0, 4]).Array[20, 200];

    static readonly Gen<SplitKind> Kinds = Gen.Int[0, 2].Select(kind => (SplitKind)kind);

    [Fact]
    public void ByCapture_AnyFlows_NoCaptureOnBothSides() =>
        Gen.Select(Flows, Gen.Double[0.1, 0.5], Gen.Int[0, 1000]).Sample((flows, share, seed) =>
        {
            var data = FlowSets.Create(flows);
            var parts = Divide(data, share, SplitKind.Capture, seed);

            Assert.Empty(parts.Train.Captures.Intersect(parts.HeldOut.Captures));
        }, iter: 60);

    [Fact]
    public void Create_AnyKind_EveryFlowOnExactlyOneSide() =>
        Gen.Select(Flows, Kinds, Gen.Int[0, 1000]).Sample((flows, kind, seed) =>
        {
            var data = FlowSets.Create(flows);
            var parts = Divide(data, 0.3, kind, seed);

            Assert.Equal(Enumerable.Range(0, flows.Length),
                Indices(parts.Train).Concat(Indices(parts.HeldOut)).Order());
        }, iter: 60);

    [Fact]
    public void Folds_AnyKind_RestsCoverAllFlowsOnce() =>
        Gen.Select(Flows, Kinds, Gen.Int[2, 4], Gen.Int[0, 1000]).Sample((flows, kind, count, seed) =>
        {
            var data = FlowSets.Create(flows);
            var folds = Split.Folds(FlowSample.All(data), count, kind, seed);

            Assert.Equal(count, folds.Count);
            Assert.Equal(Enumerable.Range(0, flows.Length), folds.SelectMany(fold => Indices(fold.HeldOut)).Order());
            Assert.All(folds, fold => Assert.Empty(Indices(fold.Train).Intersect(Indices(fold.HeldOut))));
            Assert.All(folds, fold => Assert.True(kind != SplitKind.Capture
                || !fold.Train.Captures.Intersect(fold.HeldOut.Captures).Any()));
        }, iter: 60);

    [Fact]
    public void ByCapture_ClassesOfTwoCaptures_AreOnBothSides()
    {
        // Twenty classes of two captures each, as real sets have rare ones.
        var flows = Enumerable.Range(0, 400).Select(i => (Capture: i % 40, Label: i % 20)).ToArray();
        for (var seed = 0; seed < 20; seed++)
        {
            var data = FlowSets.Create(flows);
            var parts = Divide(data, 0.2, SplitKind.Capture, seed);

            Assert.Equal(20, parts.Train.Labels.Distinct().Count());
            Assert.Equal(20, parts.HeldOut.Labels.Distinct().Count());
            Assert.Null(parts.Warning);
        }
    }

    [Fact]
    public void ByCapture_ManyEvenCaptures_ShareIsMet()
    {
        var data = FlowSets.Create([.. Enumerable.Range(0, 1000).Select(i => (i % 50, i % 7))]);
        var parts = Divide(data, 0.2, SplitKind.Capture, 3);

        Assert.InRange(parts.HeldOut.Count, 180, 220);
    }

    [Fact]
    public void ByCapture_ClassOfOneCapture_IsTrainedOnAndNamed()
    {
        var data = FlowSets.Create((0, 0), (1, 0), (2, 0), (3, 0), (0, 1));
        var parts = Divide(data, 0.25, SplitKind.Capture, 1);

        Assert.Contains(4, Indices(parts.Train));
        Assert.Equal("in one capture only, and so on one side only: class01", parts.Warning);
    }

    [Fact]
    public void ByCapture_OneCapture_SuggestsTime()
    {
        var error = Assert.Throws<InputException>(
            () => Divide(FlowSets.Create((0, 0), (0, 1)), 0.2, SplitKind.Capture, 1));

        Assert.Equal("all 2 labelled flows are of one capture, which a split by capture cannot divide: "
            + "cut it into several (editcap -i 60 IN OUT), give more captures, or split by time", error.Message);
    }

    [Fact]
    public void ByCapture_OneCaptureHoldsNearlyAll_IsNamedWithWhatToDo()
    {
        var data = FlowSets.Create([.. Enumerable.Repeat((0, 0), 20), (1, 0)]);

        var warning = Divide(data, 0.25, SplitKind.Capture, 1).Warning;

        Assert.Contains("holds 20 of 21 flows; cut it into several", warning);
        Assert.Contains("one capture to train on", Assert.Throws<InputException>(
            () => HoldOutSplit.TrainingFlows(data, 0.25, SplitKind.Capture, 1)).Message);
    }

    [Fact]
    public void ByTime_TwoClasses_EachTrainsOnItsFirst()
    {
        var data = FlowSets.Create((0, 0), (0, 0), (0, 0), (0, 0), (1, 1), (1, 1), (1, 1), (1, 1));
        var parts = Divide(data, 0.25, SplitKind.Time, 1);

        Assert.Equal([3, 7], Indices(parts.HeldOut));
    }

    [Fact]
    public void ByTime_FlowsOutOfOrder_HoldsBackThoseThatBeginLast()
    {
        var data = FlowSets.Create((0, 0), (0, 0), (0, 0), (0, 0));
        var reversed = new DataSet
        {
            Schema = data.Schema,
            Depth = data.Depth,
            Labels = data.Labels,
            Captures = data.Captures,
            Headers = data.Headers,
            Flows = [.. data.Flows.Select(flow => flow with { FirstNs = -flow.FirstNs })],
        };

        Assert.Equal([0], Indices(Divide(reversed, 0.25, SplitKind.Time, 1).HeldOut));
    }

    [Theory]
    [InlineData(SplitKind.Time, 0.1)]
    [InlineData(SplitKind.Flow, 0.1)]
    [InlineData(SplitKind.Flow, 0.9)]
    public void Create_ClassOfTwoFlows_IsOnBothSidesWhateverTheShare(SplitKind kind, double share)
    {
        var data = FlowSets.Create([(0, 1), (0, 1), .. Enumerable.Repeat((0, 0), 20)]);
        var parts = Divide(data, share, kind, 1);

        Assert.Equal(2, parts.Train.Labels.Distinct().Count());
        Assert.Equal(2, parts.HeldOut.Labels.Distinct().Count());
    }

    /// <summary>
    /// Captures 0 and 1 hold class 1, captures 1 and 2 hold class 0. Capture 1 is the smaller one, but without it
    /// class 0 would be on one side only.
    /// </summary>
    [Fact]
    public void EnsureClassesOnBothSides_SmallestCaptureHoldsAnotherClassToItsSide_MovesTheOther()
    {
        var data = FlowSets.Create((0, 1), (0, 1), (0, 1), (1, 1), (1, 0), (2, 0));
        var groups = CaptureGroups.From(FlowSample.All(data), seed: 1);
        int[] sides = [0, 0, 1];
        groups.EnsureClassesOnBothSides(sides);

        Assert.Equal([(0, 1), (1, 0), (2, 1)],
            groups.SidesByCapture(sides).OrderBy(side => side.Key).Select(side => (side.Key, side.Value)));
    }

    [Fact]
    public void ByFlow_Always_Warns() =>
        Assert.StartsWith("split by flow: flows of one session are on both sides",
            Divide(FlowSets.Create((0, 0), (0, 0), (0, 1), (0, 1)), 0.5, SplitKind.Flow, 1).Warning,
            StringComparison.Ordinal);

    [Theory]
    [InlineData(SplitKind.Capture)]
    [InlineData(SplitKind.Flow)]
    public void Create_SameSeed_SameParts(SplitKind kind)
    {
        var data = FlowSets.Create([.. Enumerable.Range(0, 300).Select(i => (i % 30, i % 3))]);

        Assert.Equal(Divide(data, 0.3, kind, 5).HeldOut, Divide(data, 0.3, kind, 5).HeldOut);
        Assert.NotEqual(Divide(data, 0.3, kind, 5).HeldOut, Divide(data, 0.3, kind, 6).HeldOut);
    }

    static IEnumerable<int> Indices(FlowSample flows) => Enumerable.Range(0, flows.Count).Select(flows.FlowIndex);

    static SplitParts Divide(DataSet data, double restShare, SplitKind kind, int seed) =>
        Split.Create(FlowSample.All(data), restShare, kind, seed);
}
