using ServeFlow.Cascade;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Placement;
using ServeFlow.Training.Tests.Calibration;
using Xunit;

namespace ServeFlow.Training.Tests.Placement;

public sealed class CascadeSearchTests
{
    const int Flows = 900;

    static readonly (int[] Labels, List<Predictions> Tiers) Known = CalibrationGen.Tiers(Flows, seed: 3);

    static readonly TierCandidate[] Candidates =
    [
        Candidate("dt", 1, 0, readyMs: 0, ns: 100), Candidate("lgbm", 2, 1, readyMs: 40, ns: 900),
        Candidate("lgbm", 10, 2, readyMs: 5000, ns: 1500),
    ];

    static readonly PlacementObjective Mean = new(PlacementAim.Mean);

    [Fact]
    public void Run_EveryPoint_IsWhatACascadeOfThatKindDoes()
    {
        var selection = Search(Mean, new PlacementRung(0, 0));

        Assert.All(selection.Best(24), found =>
        {
            var point = found.Point;
            var answered = Flows - point.Escalated.DefaultIfEmpty(0).First();
            Assert.Equal(point.Tiers.Count - 1, point.Escalated.Count);
            Assert.Equal(point.Escalated.OrderDescending(), point.Escalated);
            Assert.Equal(point.Tiers[0].Depth > 1 ? 0 : (double)(point.Tiers.Count == 1 ? Flows : answered) / Flows,
                point.FirstPacketShare, 9);
        });
    }

    [Fact]
    public void Run_TwoTiers_CountsAsARealCascadeDoes()
    {
        var point = Search(Mean, new PlacementRung(0, 0)).Front.Points
            .First(p => p.Tiers.Count == 2 && p.Escalated[0] is > 0 and < Flows);
        var tiers = point.Tiers.Select(spec => Candidates.First(c => c.Spec == spec)).ToArray();
        var threshold = Threshold(tiers[0].Predictions, Flows - point.Escalated[0]);
        TierRule[] rules =
        [
            new(Temperature(tiers[0].Predictions), UncertaintyMeasure.Margin,
                [.. Enumerable.Repeat(threshold, CalibrationGen.Classes)]),
            TierRule.Last(1, UncertaintyMeasure.Margin, CalibrationGen.Classes),
        ];
        var run = CascadeRun.ByRules(rules, [.. tiers.Select(t => t.Predictions)]);

        Assert.Equal(point.Escalated[0], run.Escalated(0));
        Assert.Equal(point.Accuracy, Enumerable.Range(0, Flows).Count(f => run.Answer(f) == Known.Labels[f]) / (double)Flows, 9);
        Assert.Equal(point.MeanMs, Enumerable.Range(0, Flows).Average(f => tiers[run.Tier(f)].ReadyNs[f] / 1e6), 1e-2);
    }

    [Fact]
    public void Run_Front_RisesInBoth()
    {
        var front = Search(Mean, new PlacementRung(0, 0)).Front.Points;

        Assert.True(front.Count > 3);
        Assert.Equal(front.OrderBy(p => p.Accuracy), front);
        Assert.Equal(front.OrderBy(p => p.MeanMs), front);
    }

    [Fact]
    public void Place_LeastMean_IsFasterThanEverySingleModelAsGood()
    {
        var placer = new SearchPlacer(Known.Labels, Candidates, new() { MaxLoss = 0.1 }, Mean);

        var placed = placer.Place(TestContext.Current.CancellationToken)!;

        var f1 = placed.Calibration.Run.Score(Known.Labels, CalibrationGen.Classes).WeightedF1;
        Assert.True(f1 >= Candidates[2].WeightedF1 - 0.1);
        Assert.True(placed.Tiers.Count > 1);
        Assert.True(Enumerable.Range(0, Flows).Average(f => placed.Tiers[placed.Calibration.Run.Tier(f)].ReadyNs[f])
            < 0.9 * Candidates[2].ReadyNs.Average());
    }

    [Fact]
    public void Place_BestF1WithinATime_KeepsTheTime()
    {
        var objective = new PlacementObjective(PlacementAim.F1) { MaxMeanMs = 45 };

        var placed = new SearchPlacer(Known.Labels, Candidates, new(), objective)
            .Place(TestContext.Current.CancellationToken)!;

        Assert.True(placed.Tiers[^1].Spec.Depth <= 2 || placed.Calibration.Run.Escalated(placed.Tiers.Count - 2) < Flows / 50);
    }

    [Fact]
    public void Place_LimitsThatNothingKeeps_GivesNone() =>
        Assert.Null(new SearchPlacer(Known.Labels, Candidates, new(), Mean with { MinRate = 1e9 })
            .Place(TestContext.Current.CancellationToken));

    static PointSelection Search(PlacementObjective objective, params PlacementRung[] rungs) =>
        new CascadeSearch(Candidates, Known.Labels).Run(() => new(rungs, objective), TestContext.Current.CancellationToken);

    static double Temperature(Predictions tier) => TemperatureFit.Fit(tier, Known.Labels, [.. Enumerable.Range(0, Flows)]);

    /// <summary>The uncertainty that so many flows do not exceed.</summary>
    static double Threshold(Predictions tier, int answered)
    {
        var rule = TierRule.Last(Temperature(tier), UncertaintyMeasure.Margin, CalibrationGen.Classes);
        return Enumerable.Range(0, Flows).Select(f => rule.Decide(tier[f].ToArray()).Uncertainty).Order()
            .ElementAt(answered - 1);
    }

    static TierCandidate Candidate(string model, int depth, int skill, long readyMs, double ns) => new()
    {
        Spec = new(model, depth),
        Predictions = Known.Tiers[skill],
        NsPerFlow = ns,
        ReadyNs = [.. Enumerable.Range(0, Flows).Select(f => readyMs * (500_000 + (f * 1000L)))],
        WeightedF1 = Score(skill).WeightedF1,
        MacroF1 = Score(skill).MacroF1,
    };

    static ConfusionMatrix Score(int skill) =>
        CascadeRun.Only(Known.Tiers, skill).Score(Known.Labels, CalibrationGen.Classes);
}
