using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Tests.Calibration;
using ServeFlow.Training.Tests.Datasets;
using ServeFlow.Training.TierSelection;
using Xunit;

namespace ServeFlow.Training.Tests.TierSelection;

public sealed class SplitHalfCheckTests
{
    const int Flows = 600;

    static readonly AssignmentGoal Goal = new() { MaxLoss = 0.1 };

    static readonly (FlowSample Flows, List<Predictions> Tiers) Known = CalibrationGen.Tiers(Flows, seed: 6);

    static readonly TierCandidate[] Candidates = [Candidate("dt", 1, 0), Candidate("lgbm", 10, 2)];

    [Fact]
    public void Compute_CapturesAlike_OwnHalfKeepsTheGoalAndTheOtherIsNear()
    {
        var check = Check([.. Enumerable.Range(0, Flows).Select(f => f % 10)])!;

        Assert.InRange(check.FittedLoss, -0.05, 0.1);
        Assert.InRange(check.HeldOutLoss, check.FittedLoss - 0.06, check.FittedLoss + 0.06);
    }

    [Fact]
    public void Compute_EveryCalibration_SeesOneHalfOfTheCapturesAlone()
    {
        int[] captures = [.. Enumerable.Range(0, Flows).Select(f => f < 100 ? 3 : 8)];
        var seen = new List<int>();

        SplitHalfCheck.Compute(Place(), In(captures), (flows, tiers) =>
        {
            seen.Add(flows.Count);
            return CascadeCalibrator.Calibrate(flows, tiers, Goal);
        });

        Assert.Equal([500, 100], seen);
    }

    [Fact]
    public void Compute_OneCapture_SaysNothing() => Assert.Null(Check(new int[Flows]));

    static SplitHalfCheck? Check(int[] captures) => SplitHalfCheck.Compute(Place(), In(captures),
        (flows, tiers) => CascadeCalibrator.Calibrate(flows, tiers, Goal));

    /// <summary>The same flows in other captures.</summary>
    static FlowSample In(int[] captures) => FlowSets.Sample([.. Known.Flows.Labels], CalibrationGen.Classes, captures);

    static PlacedCascade Place() =>
        new Placer(Known.Flows, Candidates, Goal).Place([.. Candidates.Select(c => c.Spec)]);

    static TierCandidate Candidate(string model, int depth, int skill) => new()
    {
        Spec = new(model, depth),
        Predictions = Known.Tiers[skill],
        Cost = new(100, "test", 0, [new(1, 1)]),
        ReadyNs = new long[Flows],
        WeightedF1 = 0.5 + (0.1 * skill),
        MacroF1 = 0.5,
    };
}
