using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.Tests.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Scoring;

/// <summary>
/// Three tiers, of one, one and three packets, and three flows of class 0. Flow 0 stops at the second tier, which is
/// wrong; flow 1 at the first, which is right; flow 2 goes to the last. The second tier would get all three wrong.
/// </summary>
public sealed class CascadeScoreTests
{
    static readonly float[] SureRight = [0.9f, 0.1f], SureWrong = [0.1f, 0.9f], UnsureWrong = [0.4f, 0.6f];

    static readonly TierRule Early = new(1, UncertaintyMeasure.LeastConfidence, [0.3, 0.3]);

    static readonly Predictions[] Tiers =
    [
        Rows(UnsureWrong, SureRight, UnsureWrong),
        Rows(SureWrong, SureWrong, UnsureWrong),
        Rows(SureRight, SureRight, SureRight),
    ];

    static readonly TierRule Last = TierRule.ForLastTier(1, UncertaintyMeasure.LeastConfidence, 2);

    readonly CascadeScore score = new(CascadeRun.ByRules([Early, Early, Last], Tiers), Tiers, [1, 1, 3],
        FlowSets.Sample([0, 0, 0], 2));

    [Fact]
    public void ErrorsCaught_LaterTier_CountsOnlyFlowsThatReachIt() =>
        Assert.Equal((1, 0.5), (score.ErrorsCaught(0), score.ErrorsCaught(1)));

    [Fact]
    public void FirstPacketShare_SeveralTiersOfOnePacket_CountsAllOfThem() =>
        Assert.Equal(2 / 3.0, score.FirstPacketShare, 12);

    static Predictions Rows(params float[][] rows)
    {
        var predictions = new Predictions(rows.Length, 2);
        foreach (var (flow, row) in rows.Index())
        {
            row.CopyTo(predictions[flow]);
        }

        return predictions;
    }
}
