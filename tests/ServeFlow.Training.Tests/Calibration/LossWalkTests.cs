using CsCheck;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;
using Xunit;

namespace ServeFlow.Training.Tests.Calibration;

public sealed class LossWalkTests
{
    const int Flows = 240;

    /// <summary>Every level against a count of all flows from the start, and its bounds against every draw.</summary>
    [Fact]
    public void Walk_AnyLevelsOfTwoEarlyTiers_IsWhatCountingAnewGives() =>
        Gen.Int[0, 1000].Sample(seed =>
        {
            int[] captures = [.. Enumerable.Range(0, Flows).Select(flow => flow * flow % 31)];
            var (flows, tiers) = CalibrationGen.Tiers(Flows, seed, captures);
            var random = new Random(seed);
            byte[][] levels = [Levels(random), Levels(random)];
            var answers = tiers.SkipLast(1).Select(Answers).ToArray();
            var draws = CaptureDraws.Create(flows, seed, CaptureDraws.ForBounds);
            var walk = new LossWalk(flows, tiers[2], tiers[2], draws);

            var estimates = walk.Walk(answers, levels, firstDepths: 1).ToList();

            foreach (var estimate in estimates.Where(e => e.Level % 10 == seed % 10))
            {
                int[] tierOf = [.. Enumerable.Range(0, Flows).Select(flow =>
                    levels[0][flow] <= estimate.Level ? 0 : levels[1][flow] <= estimate.Level ? 1 : 2)];
                var run = CascadeRun.From(tierOf, tiers);
                var losses = Losses(flows.Labels, run, tiers[2], draws);

                Assert.Equal(losses[0], estimate.Loss, 1e-5);
                Assert.Equal(Quantile(losses[1..]), estimate.LossBound, 1e-5);
                Assert.Equal((double)LostFlows.Count(run, tiers[2], flows) / Flows, estimate.LostShare, 1e-6);
                Assert.Equal(tierOf.Count(tier => tier < 2) / (double)Flows, estimate.EarlyShare, 1e-9);
                Assert.Equal(tierOf.Count(tier => tier == 0) / (double)Flows, estimate.FirstDepthShare, 1e-9);
            }
        }, iter: 8);

    [Fact]
    public void Walk_LevelZero_LosesNothing()
    {
        var (flows, tiers) = CalibrationGen.Tiers(Flows, 1);
        var walk = new LossWalk(flows, tiers[2], tiers[2], CaptureDraws.Create(flows, 1, CaptureDraws.ForBounds));

        var start = walk.Walk([Answers(tiers[0])], [Levels(new(1))], 1).First();

        Assert.Equal(new(0, 0, 0, 0, 0, 0, 0), start);
    }

    [Fact]
    public void Judge_TheAnswersOfALevel_EqualsTheWalk()
    {
        var (flows, tiers) = CalibrationGen.Tiers(Flows, 2, [.. Enumerable.Range(0, Flows).Select(flow => flow % 17)]);
        var levels = Levels(new(2));
        var walk = new LossWalk(flows, tiers[2], tiers[2], CaptureDraws.Create(flows, 2, CaptureDraws.ForBounds));

        var walked = walk.Walk([Answers(tiers[0])], [levels], 1).ElementAt(30);
        var judged = walk.Judge(30, [.. Enumerable.Range(0, Flows).Select(flow =>
            (levels[flow] <= 30 ? tiers[0] : tiers[2]).TopClass(flow))], walked.EarlyShare, walked.FirstDepthShare);

        Assert.Equal(walked.Loss, judged.Loss, 1e-6);
        Assert.Equal(walked.LossBound, judged.LossBound, 1e-6);
        Assert.Equal(walked.LostBound, judged.LostBound, 1e-6);
    }

    /// <summary>A tier that is right about everything loses nothing, and gains nothing either: what it mends is no
    /// margin for losses elsewhere.</summary>
    [Fact]
    public void Judge_RightWhereTheLastTierIsWrong_GetsNoCredit()
    {
        var (flows, tiers) = CalibrationGen.Tiers(Flows, 4, [.. Enumerable.Range(0, Flows).Select(flow => flow % 17)]);
        var walk = new LossWalk(flows, tiers[2], tiers[2], CaptureDraws.Create(flows, 4, CaptureDraws.ForBounds));

        var perfect = walk.Judge(1, flows.Labels, 1, 1);

        Assert.True(tiers[2].Score(flows).WeightedF1 < 1);
        Assert.Equal((0, 0, 0), (perfect.Loss, perfect.LossBound, perfect.LostShare));
    }

    [Fact]
    public void Create_ManyCaptures_DrawsAsManyEachTime()
    {
        var flows = CalibrationGen.Tiers(Flows, 3, [.. Enumerable.Range(0, Flows).Select(flow => flow % 12)]).Flows;
        var draws = CaptureDraws.Create(flows, 3, CaptureDraws.ForBounds);

        Assert.Equal(12, draws.Groups);
        for (var column = 0; column < draws.Columns; column++)
        {
            var captures = Enumerable.Range(0, 12).Sum(flow => draws.WeightsOf(flow)[column]);
            Assert.Equal(12, captures);
        }

        Assert.All(Enumerable.Range(0, Flows), flow => Assert.Equal(1, draws.WeightsOf(flow)[0]));
    }

    [Fact]
    public void Find_AFailureBetweenPassingLevels_EndsTheWalk()
    {
        LevelEstimate[] levels = [Level(0, 0), Level(1, 0.004), Level(2, 0.02), Level(3, 0.001)];

        Assert.Equal(1, new LevelRule(0.01).Find(levels)!.Value.Level);
        Assert.Equal(0, new LevelRule(0.001).Find(levels)!.Value.Level);
        Assert.Null(new LevelRule(-0.1).Find(levels));
        Assert.Equal(0, new LevelRule(null).Find(levels)!.Value.Level);
        Assert.Equal(3, new LevelRule(0) { MaxWaitShare = 0.7 }.Find(levels)!.Value.Level);
    }

    [Fact]
    public void Passes_FlowsLost_MayBeTwiceTheLoss()
    {
        Assert.True(new LevelRule(0.01).Passes(new(1, 0, 0.005, 0.01, 0.0199, 0, 0)));
        Assert.False(new LevelRule(0.01).Passes(new(1, 0, 0.005, 0.01, 0.0201, 0, 0)));
    }

    static LevelEstimate Level(int level, double bound) => new(level, bound, bound, 0, 0, level * 0.1, level * 0.1);

    static byte[] Levels(Random random) =>
        [.. Enumerable.Range(0, Flows).Select(_ => random.Next(6) == 0 ? LevelPath.Never : (byte)random.Next(1, 51))];

    static int[] Answers(Predictions tier) => [.. Enumerable.Range(0, Flows).Select(tier.TopClass)];

    static double[] Losses(IReadOnlyList<int> labels, CascadeRun run, Predictions slow, CaptureDraws draws) =>
    [
        .. Enumerable.Range(0, draws.Columns).Select(column =>
        {
            var (cascade, reference) = (new ConfusionMatrix(CalibrationGen.Classes),
                new ConfusionMatrix(CalibrationGen.Classes));
            for (var flow = 0; flow < Flows; flow++)
            {
                var times = (int)draws.WeightsOf(flow)[column];
                var (answer, last) = (run.Answer(flow), slow.TopClass(flow));
                cascade.Add(labels[flow], answer == labels[flow] ? last : answer, times);
                reference.Add(labels[flow], slow.TopClass(flow), times);
            }

            return reference.WeightedF1 - cascade.WeightedF1;
        }),
    ];

    static double Quantile(double[] values) => Quantiles.At([.. values.Order()], LevelRule.Confidence);
}
