using ServeFlow.Training.Calibration;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Tests.Calibration;
using ServeFlow.Training.TierSelection;
using Xunit;

namespace ServeFlow.Training.Tests.TierSelection;

public sealed class SplitHalfCheckTests
{
    const int Flows = 600;

    static readonly AssignmentGoal Goal = new() { MaxLoss = 0.1 };

    static readonly (int[] Labels, List<Predictions> Tiers) Known = CalibrationGen.Tiers(Flows, seed: 6);

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

        SplitHalfCheck.Compute(Place(), Known.Labels, captures, (labels, tiers) =>
        {
            seen.Add(labels.Count);
            return CascadeCalibrator.Calibrate(labels, tiers, Goal);
        });

        Assert.Equal([500, 100], seen);
    }

    [Fact]
    public void Compute_OneCapture_SaysNothing() => Assert.Null(Check(new int[Flows]));

    static SplitHalfCheck? Check(int[] captures) => SplitHalfCheck.Compute(Place(), Known.Labels, captures,
        (labels, tiers) => CascadeCalibrator.Calibrate(labels, tiers, Goal));

    static PlacedCascade Place() =>
        new Placer(Known.Labels, Candidates, Goal).Place([.. Candidates.Select(c => c.Spec)]);

    static TierCandidate Candidate(string model, int depth, int skill) => new()
    {
        Spec = new(model, depth),
        Predictions = Known.Tiers[skill],
        Cost = new("test", 0, [new(1, 100)]),
        ReadyNs = new long[Flows],
        WeightedF1 = 0.5 + (0.1 * skill),
        MacroF1 = 0.5,
    };
}
