using ServeFlow.Training.Audits;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using Xunit;

namespace ServeFlow.Training.Tests.Audits;

public sealed class TimeSplitCheckTests
{
    [Fact]
    public void Check_HabitsThatChangeLate_Warns()
    {
        var check = Check((ref record, place, _) =>
            record.Bits[8] = (byte)(place.Capture < 18 ? place.Class : (place.Class + 1) % 3));

        Assert.Equal(AuditVerdict.Warned, check.Verdict);
        Assert.True(check.Figure < check.Expected);
    }

    [Fact]
    public void Check_HabitsThatStay_Passes() => Assert.Equal(AuditVerdict.Passed,
        Check((ref record, place, _) => record.Bits[8] = (byte)place.Class).Verdict);

    [Fact]
    public void Check_OneCapture_IsSkipped()
    {
        var data = AuditSets.Create((ref record, place, _) => record.Bits[8] = (byte)place.Class);
        var one = AuditFlows.From(FlowSample.From(data, []), FlowSample.From(data, [0, 1, 2]));

        Assert.Equal(AuditVerdict.Skipped, TimeSplitCheck.Check(one, AuditSets.Model(), 1,
            TestContext.Current.CancellationToken).Verdict);
    }

    [Fact]
    public void LaterCaptures_EachClass_LosesItsLastCapturesWhole()
    {
        var data = AuditSets.Create((ref _, _, _) => { });
        var parts = LaterCaptures.Split(FlowSample.All(data), 0.25);

        Assert.Equal([18, 19, 20, 21, 22, 23], parts.HeldOut.Captures.Distinct());
        Assert.Equal(data.Flows.Count, parts.Train.Count + parts.HeldOut.Count);
    }

    [Fact]
    public void LaterCaptures_ClassOfOneCapture_Trains()
    {
        var data = AuditSets.Create((ref _, _, _) => { });
        var flows = FlowSample.All(data).Where(flow => flow.Capture is 0 or 3 or 6 or 23);

        Assert.Equal([6], LaterCaptures.Split(flows, 0.3).HeldOut.Captures.Distinct());
    }

    static AuditCheck Check(AuditSets.Write write) => TimeSplitCheck.Check(AuditSets.Split(AuditSets.Create(write)),
        AuditSets.Model(), 1, TestContext.Current.CancellationToken);
}
