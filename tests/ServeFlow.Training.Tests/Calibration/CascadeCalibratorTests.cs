using CsCheck;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using Xunit;

namespace ServeFlow.Training.Tests.Calibration;

public sealed class CascadeCalibratorTests
{
    static readonly int[] Depths = [1, 1, 10];

    static CascadeCalibration Calibrate(FlowSample flows, List<Predictions> tiers, AssignmentGoal goal) =>
        CascadeCalibrator.Calibrate(flows, [.. tiers.Select((t, i) => new CalibrationTier(Depths[i], t))], goal);

    [Fact]
    public void Calibrate_DefaultGoal_KeepsThePromisedF1OnCalibrationFlows() =>
        Gen.Int[0, 1000].Sample(seed =>
        {
            var (flows, tiers) = CalibrationGen.Tiers(400, seed);
            var run = Calibrate(flows, tiers, new()).Run;

            var slow = CascadeRun.SingleTier(tiers, 2).Score(flows).WeightedF1;
            Assert.True(run.Score(flows).WeightedF1 >= slow - 0.01);
        }, iter: 30);

    [Fact]
    public void Calibrate_Budget_IsNeverOvershotByFlowsThatWait() =>
        Gen.Select(Gen.Int[0, 1000], Gen.Double[0, 1]).Sample((seed, budget) =>
        {
            var (flows, tiers) = CalibrationGen.Tiers(300, seed);
            var run = Calibrate(flows, tiers, new() { Budget = budget }).Run;

            Assert.True(run.Escalated(1) <= budget * flows.Count);
        }, iter: 30);

    [Fact]
    public void Calibrate_BudgetOfJustWhatTheGoalTakes_GivesNothingUp()
    {
        var (flows, tiers) = CalibrationGen.Tiers(400, 2);
        CalibrationTier[] two = [new(1, tiers[0]), new(10, tiers[2])];
        var free = CascadeCalibrator.Calibrate(flows, two, new() { Budget = 1 }).Tiers[0];
        var budget = (free.Chosen.Escalated + 0.5) / flows.Count;

        var bound = CascadeCalibrator.Calibrate(flows, two, new() { Budget = budget }).Tiers[0];

        Assert.Equal((0, free.Chosen.Escalated), (bound.Attempt, bound.Chosen.Escalated));
    }

    /// <summary>The first of two tiers that lose something may use up half of the loss.</summary>
    [Fact]
    public void Calibrate_FirstOfTwoEarlyTiers_LeavesHalfOfTheLossToTheSecond() =>
        Gen.Int[0, 1000].Sample(seed =>
        {
            var (flows, tiers) = CalibrationGen.Tiers(400, seed);
            var goal = new AssignmentGoal { Caught = 0, MaxLoss = 0.1 };
            var first = Calibrate(flows, tiers, goal).Tiers[0];

            var slow = CascadeRun.SingleTier(tiers, 2).Score(flows).WeightedF1;
            Assert.True(first.Chosen.WeightedF1 >= slow - (goal.Attempts[first.Attempt].Loss / 2));
        }, iter: 30);

    [Theory]
    [InlineData(0.5, null, 0.49)]
    [InlineData(1.0, null, 0.0)]
    [InlineData(0.5, 0.2, 0.2)]
    public void WaitShare_FirstPacketShareOrBudget_IsWhatMayWait(double share, double? budget, double expected) =>
        Assert.Equal(expected, new AssignmentGoal { FirstPacketShare = share, Budget = budget }.WaitShare, 9);

    [Fact]
    public void Calibrate_OneTier_AnswersEverything()
    {
        var (flows, tiers) = CalibrationGen.Tiers(100, 1);
        var calibration = CascadeCalibrator.Calibrate(flows, [new(1, tiers[0])], new());

        Assert.Equal(0, calibration.Run.Escalated(0));
        Assert.Empty(calibration.Tiers);
        Assert.Equal(double.PositiveInfinity, calibration.Rules[0].Thresholds[0]);
    }

    [Fact]
    public void Calibrate_LaterTier_IsTracedOnTheSurvivorsAlone()
    {
        var (flows, tiers) = CalibrationGen.Tiers(500, 3);
        var calibration = Calibrate(flows, tiers, new());

        var second = calibration.Tiers[1];
        Assert.Equal(calibration.Run.Escalated(0), (int)Math.Round(second.Curve.Points[1].Escalated
            / second.Curve.Points[1].Share));
        Assert.Equal(calibration.Run.Escalated(1), second.Chosen.Escalated);
    }

    [Fact]
    public void Calibrate_GoalForErrorsCaught_IsMetWhereEscalationIsFree()
    {
        var (flows, tiers) = CalibrationGen.Tiers(1000, 4);
        var first = Calibrate(flows, tiers, new() { Caught = 0.95 }).Tiers[0];

        Assert.True(first.Chosen.Caught >= 0.97);
        Assert.Equal(0, first.Attempt);
    }
}
