using ServeFlow.Training.Audits;
using ServeFlow.Training.Evaluation;
using Xunit;

namespace ServeFlow.Training.Tests.Audits;

public sealed class ShuffledLabelsCheckTests
{
    [Fact]
    public void Check_FieldFollowsTheClass_FallsToChanceAllTheSame()
    {
        var flows = AuditSets.Split(AuditSets.Create((ref record, place, random) =>
            record.Bits[8] = (byte)((place.Class * 64) + random.Next(64))));

        var check = ShuffledLabelsCheck.Check(flows, AuditSets.Model(), new Random(2),
            TestContext.Current.CancellationToken);

        Assert.Equal(AuditVerdict.Passed, check.Verdict);
        Assert.InRange(check.Figure!.Value, 0.15, 0.5);
        Assert.Equal(1, AuditSets.Model().WeightedF1(flows.Train, flows.HeldOut,
            TestContext.Current.CancellationToken), 9);
    }

    [Theory]
    [InlineData(0.50, AuditVerdict.Failed)]
    [InlineData(0.36, AuditVerdict.Failed)]
    [InlineData(0.34, AuditVerdict.Passed)]
    [InlineData(0.20, AuditVerdict.Passed)]
    public void Judge_Figure_MustNotBeAboveChance(double figure, AuditVerdict expected) =>
        Assert.Equal(expected,
            ShuffledLabelsCheck.Assess([figure, figure + 0.01, figure - 0.01], [0.33, 0.33, 0.33]).Verdict);

    [Fact]
    public void Judge_WideSpread_ExplainsMore() => Assert.Equal(AuditVerdict.Passed,
        ShuffledLabelsCheck.Assess([0.2, 0.5, 0.6], [0.33, 0.33, 0.33]).Verdict);
}
