using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Scoring;
using Xunit;

namespace ServeFlow.Training.Tests.Evaluation;

/// <summary>
/// Two flows of <see cref="SessionFlows"/> through tiers of 1, 1 and 3 packets, all answered rightly: the first has
/// three packets within 50 ms, the second one packet, and ends after 2 s.
/// </summary>
public sealed class FlowPathsTests
{
    static readonly FlowSample Flows = FlowSample.From(SessionFlows.Data(), [0, 6]);

    static readonly int[] Depths = [1, 1, 3];

    /// <summary>What each tier computes, in milliseconds.</summary>
    static readonly double[] Costs = [1, 2, 70];

    readonly Predictions[] tiers = [.. Depths.Select(_ => new Predictions(2, 3))];
    readonly AnswerTimes times;

    public FlowPathsTests() => times = new(
        CascadeView.FromFullWait(new(Flows, TimeSpan.FromMinutes(1)), Depths, tiers),
        [.. Costs.Select(ms => ms * 1e6)], isAtOnce: _ => false);

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 0, 1, 1 + 2)]
    [InlineData(0, 1, 1, 2)]
    [InlineData(0, 0, 2, 50 + 70)]
    [InlineData(1, 0, 2, 2000 + 70)]
    public void LatencyMs_FlowAndTiers_AddsComputingToPacketsOrTheTierBefore(int flow, int first, int last,
        double expected) => Assert.Equal(expected, times.LatencyMs(flow, first, last), 9);

    [Fact]
    public void Compute_FlowsWithFewerPacketsThanTheTierWaitsFor_AreCountedApart()
    {
        var run = CascadeRun.SingleTier(tiers, 2);
        var paths = FlowPaths.Compute(run, times, ["first", "second", "slow"], Depths,
            Flows.WithLabels(Flows.Classes, [0, 0]));

        var slow = paths.Tiers[2];
        Assert.Equal((1, 0, 1, 0), (slow.Right, slow.Wrong, slow.ShortRight, slow.ShortWrong));
        Assert.Equal((0, 2, 2), (paths.Tiers[1].Answered, paths.Tiers[1].Escalated, slow.Reached));
    }

    [Fact]
    public void WaitCurve_EveryTenthFlowIsShort_SaysHowManyAreComplete()
    {
        var curves = WaitCurve.Compute(FlowSample.All(SessionFlows.Data()), TimeSpan.FromMinutes(1), [3]);

        Assert.Equal([1, 0.9, 0.9], curves.Select(curve => Math.Round(curve.Complete, 9)));
    }
}
