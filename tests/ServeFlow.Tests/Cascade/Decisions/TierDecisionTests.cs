using CsCheck;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using Xunit;

namespace ServeFlow.Tests.Cascade.Decisions;

public sealed class TierDecisionTests
{
    static TierRule Tier(IReadOnlyList<double> thresholds, double temperature = 1) =>
        new(temperature, UncertaintyMeasure.LeastConfidence, thresholds);

    [Fact]
    public void Decide_ThreeClasses_RanksThemAndUsesThePredictedClassesThreshold()
    {
        var decision = Tier([0, 0.3, 0]).Decide([0.125f, 0.75f, 0.125f]);

        Assert.Equal(1, decision.LabelId);
        Assert.Equal(0, decision.TopLabels[1]);
        Assert.Equal(2, decision.TopLabels[2]);
        Assert.Equal(0.75f, decision.Confidence);
        Assert.Equal(0.3f, decision.Threshold);
        Assert.False(decision.Escalate);
    }

    [Fact]
    public void Decide_UncertaintyAtThreshold_IsAnswered()
    {
        Assert.False(Tier([0.25, 0.25]).Decide([0.75f, 0.25f]).Escalate);
        Assert.True(Tier([0.24, 0.25]).Decide([0.75f, 0.25f]).Escalate);
    }

    [Fact]
    public void Decide_ThresholdOneOrBelowZero_NeverOrAlwaysEscalates()
    {
        Assert.False(Tier([1, 1]).Decide([0.5f, 0.5f]).Escalate);
        Assert.True(Tier([-1, -1]).Decide([1, 0]).Escalate);
    }

    [Fact]
    public void Decide_FewerClassesThanRanks_FillsWithMinusOne()
    {
        var decision = Tier([1, 1]).Decide([0.5f, 0.5f]);

        Assert.Equal(0, decision.LabelId);
        Assert.Equal(-1, decision.TopLabels[2]);
        Assert.Equal(0, decision.TopConfidences[2]);
    }

    [Fact]
    public void Decide_AnyTemperature_PredictsTheRawArgmax() =>
        Gen.Select(ProbabilityGen.Vector, Gen.Double[BundleLimits.MinTemperature, BundleLimits.MaxTemperature])
            .Sample((p, temperature) =>
            {
                var expected = Array.IndexOf(p, p.Max());
                var thresholds = Enumerable.Repeat(1.0, p.Length).ToArray();

                Assert.Equal(expected, Tier(thresholds, temperature).Decide(p.ToArray()).LabelId);
            });

    [Fact]
    public void Decide_ClassesThatScalingMakesEqual_RanksThemAsTheModelDoes()
    {
        var decision = Tier([1, 1], BundleLimits.MaxTemperature).Decide([MathF.BitDecrement(0.5f), 0.5f]);

        Assert.Equal(decision.TopConfidences[1], decision.Confidence);
        Assert.Equal(1, decision.LabelId);
    }

    [Fact]
    public void RankTop_AnyVector_IsAStableDescendingSort() =>
        ProbabilityGen.Vector.Sample(p =>
        {
            TierDecision.RankTop(p, out var top);
            var expected = Enumerable.Range(0, p.Length).OrderByDescending(c => p[c]).ToArray();
            for (var rank = 0; rank < Classification.TopCount; rank++)
            {
                Assert.Equal(rank < p.Length ? expected[rank] : -1, top[rank]);
            }
        });
}
