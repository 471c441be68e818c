using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Tests.Calibration;
using ServeFlow.Training.TierSelection;
using Xunit;

namespace ServeFlow.Training.Tests.TierSelection;

public sealed class CascadeSearchTests
{
    const int Flows = 900;

    static readonly (FlowSample Flows, List<Predictions> Tiers) Known = CalibrationGen.Tiers(Flows, seed: 3);

    static readonly TierCandidate[] Candidates =
    [
        Candidate("dt", 1, 0, readyMs: 0, ns: 100), Candidate("lgbm", 1, 1, readyMs: 0, ns: 500),
        Candidate("lgbm", 2, 1, readyMs: 40, ns: 900), Candidate("lgbm", 10, 2, readyMs: 5000, ns: 1500),
    ];

    static readonly PlacementObjective Mean = new(PlacementAim.Mean);

    static readonly CascadeSearch Search = new(Candidates, Known.Flows);

    /// <summary>Sets and tallies against one flow after the other.</summary>
    [Theory]
    [InlineData(PlacementAim.Mean)]
    [InlineData(PlacementAim.Median)]
    [InlineData(PlacementAim.Rate)]
    [InlineData(PlacementAim.F1)]
    public void Run_EveryPoint_IsWhatThatCascadeDoesFlowByFlow(PlacementAim aim)
    {
        var selection = Run(new(aim), 0);
        var points = selection.Front.Points.Where((_, i) => i % 5 == 0).Concat(selection.Best(24)).ToList();

        Assert.True(points.Count > 40);
        Assert.Contains(points, p => p.Choices.Count == 3);
        Assert.All(points, point =>
        {
            var slow = Search.Describe(point.Choices);
            Assert.Equal(slow.Accuracy, (double)point.Correct / Flows, 9);
            Assert.Equal(slow.FirstPacketShare, (double)point.FirstPacket / Flows, 9);
            Assert.Equal(slow.ErrorsCaught, (double)point.FirstErrors.Caught / point.FirstErrors.Wrong, 9);
            Assert.Equal(slow.ComputeNs, point.ComputeNs, 6);
            Assert.Equal(slow.MeanMs, point.MeanMs, 9);
            Assert.InRange(point.MedianMs, slow.MedianMs * 0.94, (slow.MedianMs * 1.06) + 1e-3);
            Assert.Equal(point,
                Search.Evaluate(point.Choices) with { MeanMs = point.MeanMs, ComputeNs = point.ComputeNs });
        });
    }

    [Fact]
    public void Describe_TwoTiers_IsWhatTheRulesDo()
    {
        var point = Run(Mean, 0).Front.Points.Select(p => Search.Describe(p.Choices))
            .First(p => p.Tiers.Count == 2 && p.Escalated[0] is > 0 and < Flows);
        var tiers = point.Tiers.Select(spec => Candidates.First(c => c.Spec == spec)).ToArray();
        var threshold = Threshold(tiers[0].Predictions, Flows - point.Escalated[0]);
        TierRule[] rules =
        [
            new(Temperature(tiers[0].Predictions), UncertaintyMeasure.Margin,
                [.. Enumerable.Repeat(threshold, CalibrationGen.Classes)]),
            TierRule.ForLastTier(1, UncertaintyMeasure.Margin, CalibrationGen.Classes),
        ];
        var run = CascadeRun.ByRules(rules, [.. tiers.Select(t => t.Predictions)]);

        Assert.Equal(point.Escalated[0], run.Escalated(0));
        Assert.Equal(point.WeightedF1, run.Score(Known.Flows).WeightedF1, 9);
    }

    [Fact]
    public void Run_AnyNumberOfThreads_FindsTheSame()
    {
        var first = Run(Mean, Flows / 2);
        var second = Run(Mean, Flows / 2);

        Assert.Equal(first.Best(24).Select(p => p.Choices), second.Best(24).Select(p => p.Choices));
        Assert.Equal(first.Front.Points.Select(p => p.Choices).Order(),
            second.Front.Points.Select(p => p.Choices).Order());
    }

    [Fact]
    public void Run_LimitsOfTheFirstTier_AreKept()
    {
        var found = Run(Mean with { MinFirstPacketShare = 0.4, MinErrorsCaught = 0.7 }, 0).Best(24).ToList();

        Assert.NotEmpty(found);
        Assert.All(found, point =>
        {
            Assert.True(point.FirstPacket >= 0.4 * Flows);
            Assert.True(point.FirstErrors.Caught >= 0.7 * point.FirstErrors.Wrong);
        });
    }

    [Fact]
    public void Front_EveryPoint_IsBeatenByNoOther()
    {
        var placer = new SearchPlacer(Known.Flows, Candidates, new(), Mean, TestContext.Current.CancellationToken);
        var onMean = placer.Front.Points.Zip(placer.Front.Fronts).Where(p => p.Second.Mean).Select(p => p.First)
            .ToList();

        Assert.True(onMean.Count > 3);
        Assert.Equal(onMean.OrderBy(p => p.MeanMs).ThenBy(p => p.WeightedF1), onMean);
        Assert.All(placer.Front.Fronts, fronts => Assert.True(fronts.Any));
    }

    [Fact]
    public void Place_LeastMean_IsFasterThanEverySingleModelAsGood()
    {
        var found = Place(new() { MaxLoss = 0.1 }, Mean).Measure(Known.Flows);

        Assert.True(found.WeightedF1 >= Candidates[^1].WeightedF1 - 0.1);
        Assert.True(found.Tiers.Count > 1);
        Assert.True(found.MeanMs < 0.9 * Candidates[^1].ReadyNs.Average() / 1e6);
    }

    [Fact]
    public void Place_BestF1WithinATime_KeepsTheTime()
    {
        var placed = Place(new(), new(PlacementAim.F1) { MaxMeanMs = 45 });

        Assert.True(placed.Measure(Known.Flows).MeanMs <= 45);
    }

    [Fact]
    public void Place_LimitsThatNothingKeeps_IsRefused() => Assert.Contains("no cascade keeps these limits",
        Assert.Throws<InputException>(() => Place(new(), Mean with { MinRate = 1e9 })).Message,
        StringComparison.Ordinal);

    static PlacedCascade Place(AssignmentGoal goal, PlacementObjective objective) => new PlacementRun(Known.Flows,
        [.. Enumerable.Range(0, Flows).Select(flow => flow % 3)], Candidates,
        new() { Goal = goal, Objective = objective }, TestContext.Current.CancellationToken).Cascade;

    static PointSelection Run(PlacementObjective objective, int minCorrect) =>
        Search.Run([minCorrect], objective, TestContext.Current.CancellationToken);

    static double Temperature(Predictions tier) => TemperatureFit.Fit(tier, Known.Flows);

    /// <summary>The uncertainty that so many flows do not exceed.</summary>
    static double Threshold(Predictions tier, int answered)
    {
        var rule = TierRule.ForLastTier(Temperature(tier), UncertaintyMeasure.Margin, CalibrationGen.Classes);
        return Enumerable.Range(0, Flows).Select(f => rule.Decide(tier[f].ToArray()).Uncertainty).Order()
            .ElementAt(answered - 1);
    }

    static TierCandidate Candidate(string model, int depth, int skill, long readyMs, double ns) => TierCandidates.New(
        model, depth, Known.Tiers[skill], flow => readyMs * (500_000 + (flow * 1000L)), Known.Flows, ns);
}
