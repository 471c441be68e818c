using CsCheck;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Tests.Calibration;
using ServeFlow.Training.Tests.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Scoring;

public sealed class CascadeRunTests
{
    static readonly Gen<(int Seed, TierRule[] Rules)> Cascades =
        Gen.Select(Gen.Int[0, 1000], Gen.Double[-0.1, 1].Array[2 * CalibrationGen.Classes], (seed, t) => (seed,
            new[]
            {
                new TierRule(1.5, UncertaintyMeasure.Margin, t[..CalibrationGen.Classes]),
                new TierRule(1, UncertaintyMeasure.Entropy, t[CalibrationGen.Classes..]),
                TierRule.ForLastTier(1, UncertaintyMeasure.Margin, CalibrationGen.Classes),
            }));

    [Fact]
    public void AtRandom_AnyCascade_EscalatesExactlyAsManyAtEachTier() =>
        Cascades.Sample((seed, rules) =>
        {
            var (_, tiers) = CalibrationGen.Tiers(200, seed);
            var cascade = CascadeRun.ByRules(rules, tiers);
            var random = CascadeRun.AtRandom(cascade, tiers, seed);

            Assert.Equal(cascade.Escalated(0), random.Escalated(0));
            Assert.Equal(cascade.Escalated(1), random.Escalated(1));
        }, iter: 50);

    [Fact]
    public void ByOracle_AnyCascade_IsAtLeastAsOftenRight() =>
        Cascades.Sample((seed, rules) =>
        {
            var (flows, tiers) = CalibrationGen.Tiers(200, seed);
            var oracle = Correct(CascadeRun.ByOracle(tiers, flows), flows);

            Assert.True(oracle >= Correct(CascadeRun.ByRules(rules, tiers), flows));
            Assert.True(oracle >= Correct(CascadeRun.SingleTier(tiers, 2), flows));
        }, iter: 50);

    [Fact]
    public void ByOracle_FlowsThatNoTierGetsRight_AreAnsweredAtOnce()
    {
        var (_, tiers) = CalibrationGen.Tiers(50, 1);
        int[] foreign = [.. Enumerable.Repeat(CalibrationGen.Classes, 50)];
        var run = CascadeRun.ByOracle(tiers, FlowSets.Sample(foreign, CalibrationGen.Classes + 1));

        Assert.Equal(0, run.Escalated(0));
    }

    [Fact]
    public void AtRandom_SameSeed_DrawsTheSame()
    {
        var (flows, tiers) = CalibrationGen.Tiers(100, 1);
        var oracle = CascadeRun.ByOracle(tiers, flows.WithLabels(flows.Classes, new int[100]));

        var first = CascadeRun.AtRandom(oracle, tiers, 7);
        var second = CascadeRun.AtRandom(oracle, tiers, 7);
        Assert.All(Enumerable.Range(0, 100), f => Assert.Equal(first.Tier(f), second.Tier(f)));
    }

    [Fact]
    public void Only_LastTier_GivesItsTopClasses()
    {
        var (_, tiers) = CalibrationGen.Tiers(50, 1);
        var run = CascadeRun.SingleTier(tiers, 2);

        Assert.All(Enumerable.Range(0, 50), f => Assert.Equal((2, tiers[2].TopClass(f)), (run.Tier(f), run.Answer(f))));
    }

    static int Correct(CascadeRun run, FlowSample flows) => run.Score(flows).Correct;
}
