using CsCheck;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Tests.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Calibration;

public sealed class LossPromiseTests
{
    const int Draws = 400;
    const int Flows = 1500;

    /// <summary>Uncertainties are drawn from 0 to this: of three classes none goes beyond 2/3.</summary>
    const double MaxUncertainty = 0.6;

    /// <summary>A flow of uncertainty u is lost, if it is answered early, with probability u times this.</summary>
    const double LossSlope = 0.5;

    static readonly LossPromise Promise = new(MaxLoss: 0.01, Confidence: 0.95);

    /// <summary>
    /// The population is known: a threshold t loses ∫ 0.5 u du / 0.6 = t² / 2.4 of all flows, so the promise allows
    /// t = 0.155.
    /// </summary>
    [Fact]
    public void Keep_ManyDraws_BreaksThePromiseNoOftenerThanItSaid()
    {
        var random = new Random(20_260_101);
        var path = Path(random);
        var (broken, sum) = (0, 0.0);
        for (var draw = 0; draw < Draws; draw++)
        {
            var (tiers, flows) = Draw(random, Flows);
            var threshold = PromiseCalibrator.Calibrate(Promise, path, tiers, tiers[^1], flows).Rules[0].Thresholds[0];
            sum += Math.Max(0, threshold);
            broken += TrueLoss(threshold) > Promise.MaxLoss ? 1 : 0;
        }

        Assert.InRange(broken, 1, Promise.Risk * Draws);
        Assert.InRange(sum / Draws, 0.1, 0.155); // most of what was allowed is used
    }

    [Fact]
    public void Keep_TooFewFlows_PromisesNothingAndEscalatesAll()
    {
        var random = new Random(5);
        var (tiers, flows) = Draw(random, Promise.MinFlows - 1);

        var kept = PromiseCalibrator.Calibrate(Promise, Path(random), tiers, tiers[^1], flows);

        Assert.Equal((0, 0), (kept.Level, kept.Lost));
        Assert.All(kept.Rules[0].Thresholds, threshold => Assert.Equal(AssignmentCurve.Always, threshold));
    }

    [Fact]
    public void MinFlows_WithoutLoss_IsWhereTheTestBeginsToPass()
    {
        Assert.Equal(299, Promise.MinFlows);
        Assert.True(FixedSequenceTest.PValue(0, 299, 0.01) <= 0.05);
        Assert.True(FixedSequenceTest.PValue(0, 298, 0.01) > 0.05);
    }

    [Fact]
    public void Check_OneFlowFewerThanThePromiseTakes_IsRefused()
    {
        PromiseTestSplit.Check(FlowSets.Sample(new int[299], 1), Promise);

        Assert.Contains("needs at least 299 flows",
            Assert.Throws<InputException>(() =>
                PromiseTestSplit.Check(FlowSets.Sample(new int[298], 1), Promise)).Message);
    }

    /// <summary>Answered by the first tier: rightly; wrongly where the last is right; wrongly where both are.</summary>
    [Fact]
    public void CountLost_AnswersThatTheLastTierGetsWrongToo_AreNotLost()
    {
        var (fast, slow) = (new Predictions(3, 3), new Predictions(3, 3));
        (fast[0][0], fast[1][1], fast[2][1]) = (1, 1, 1);
        (slow[0][0], slow[1][0], slow[2][2]) = (1, 1, 1);

        var run = CascadeRun.SingleTier([fast, slow], 0);
        Assert.Equal(1, PromiseCalibrator.CountLost(run, slow, FlowSets.Sample([0, 0, 0], 3)));
    }

    /// <summary>Trees give few distinct uncertainties: all flows may lie at the threshold, and are answered.</summary>
    [Fact]
    public void Rules_AllFlowsAtTheChosenThreshold_AreAnsweredBelowItToo()
    {
        var tiers = new[] { new Predictions(100, 2), new Predictions(100, 2) };
        for (var flow = 0; flow < 100; flow++)
        {
            (tiers[0][flow][0], tiers[0][flow][1]) = (0.75f, 0.25f);
        }

        var rules = new[]
        {
            new TierRule(1, UncertaintyMeasure.LeastConfidence, [0.25, 0.25]),
            TierRule.ForLastTier(1, UncertaintyMeasure.LeastConfidence, 2),
        };
        var path = new ThresholdPath(rules, tiers);

        Assert.Equal([AssignmentCurve.Always, 0.25, 0.25],
            new[] { 0, 1, ThresholdPath.Levels / 2 }.Select(level => path.Rules(level)[0].Thresholds[0]));
    }

    [Fact]
    public void LastPassing_ALevelFails_LaterOnesAreNotTested()
    {
        int[] losses = [0, 3, 30, 0];

        Assert.Equal(1, FixedSequenceTest.LastPassing(losses, 1000, Promise));
    }

    [Fact]
    public void UpperBound_AnyCounts_IsWhereThePValueMeetsTheRisk() =>
        Gen.Select(Gen.Int[1, 2000], Gen.Double[0, 0.3]).Sample((flows, share) =>
        {
            var lost = (int)(share * flows);
            var bound = FixedSequenceTest.UpperBound(lost, flows, 0.95);

            Assert.Equal(0.05, FixedSequenceTest.PValue(lost, flows, bound), 1e-6);
        });

    [Fact]
    public void Rules_AlongThePath_AnswerMoreAndMore()
    {
        var random = new Random(11);
        var path = Path(random);
        var (tiers, _) = Draw(random, Flows);

        var early = Enumerable.Range(0, ThresholdPath.Levels + 1)
            .Select(level => Flows - CascadeRun.ByRules(path.Rules(level), tiers).Escalated(0)).ToArray();

        Assert.Equal(early.Order(), early);
        Assert.Equal((0, Flows), (early[0], early[^1]));
    }

    static ThresholdPath Path(Random random)
    {
        TierRule[] rules =
        [
            new(1, UncertaintyMeasure.LeastConfidence, [0.15, 0.15, 0.15]),
            TierRule.ForLastTier(1, UncertaintyMeasure.LeastConfidence, 3),
        ];
        return new(rules, Draw(random, 4000).Tiers);
    }

    static double TrueLoss(double threshold)
    {
        var t = Math.Clamp(threshold, 0, MaxUncertainty);
        return LossSlope * t * t / (2 * MaxUncertainty);
    }

    static (Predictions[] Tiers, FlowSample Flows) Draw(Random random, int flows)
    {
        var (fast, slow, labels) = (new Predictions(flows, 3), new Predictions(flows, 3), new int[flows]);
        for (var flow = 0; flow < flows; flow++)
        {
            var u = random.NextDouble() * MaxUncertainty;
            var isLost = random.NextDouble() < LossSlope * u;
            labels[flow] = isLost ? 1 : 0;
            fast[flow][0] = (float)(1 - u);
            fast[flow][1] = fast[flow][2] = (float)(u / 2);
            slow[flow][labels[flow]] = 1;
        }

        return ([fast, slow], FlowSets.Sample(labels, 3));
    }
}
