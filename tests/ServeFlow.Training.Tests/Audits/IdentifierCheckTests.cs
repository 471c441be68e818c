using ServeFlow.Features;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using Xunit;

namespace ServeFlow.Training.Tests.Audits;

public sealed class IdentifierCheckTests
{
    const int Source = 12;
    const int Ports = HeaderRecord.TcpOffset;

    [Fact]
    public void Check_AddressesFollowTheClass_WarnsAndNamesTheField()
    {
        var check = Check("addresses", AuditSets.Create(HostOfClass));

        Assert.Equal((AuditVerdict.Warned, "addresses_alone"), (check.Verdict, check.Name));
        Assert.True(check.Figure > 0.95 && check.Expected < 0.6);
        Assert.Contains("from ipv4_src alone: the same hosts are on both sides of the split; the models do not see",
            check.Sentence);
    }

    [Fact]
    public void Check_AddressesFollowTheClassAndModelsSeeThem_Fails()
    {
        var check = Check("addresses", AuditSets.Create(HostOfClass, mask: "ports"));

        Assert.Equal(AuditVerdict.Failed, check.Verdict);
        Assert.Contains("train with addresses masked", check.Sentence);
    }

    [Fact]
    public void Check_AddressesOfCaptures_Passes()
    {
        var check = Check("addresses", AuditSets.Create((ref record, place, _) =>
            record.Bits[Source + 3] = (byte)((place.Capture * 37) + 11)));

        Assert.Equal(AuditVerdict.Passed, check.Verdict);
    }

    [Fact]
    public void Check_ValuesAtRandom_Passes() =>
        Assert.All(FeatureSchema.IdentifyingFields.Where(group => group.Group != "timestamps"), group =>
            Assert.Equal(AuditVerdict.Passed, Check(group.Group, AuditSets.Create((ref record, _, random) =>
            {
                random.NextBytes(((Span<byte>)record.Bits)[..20]);
                random.NextBytes(((Span<byte>)record.Bits)[Ports..(Ports + 20)]);
            })).Verdict));

    [Theory]
    [InlineData("default", AuditVerdict.Passed)]
    [InlineData("addresses", AuditVerdict.Warned)]
    public void Check_PortsFollowTheClass_IsNoLeakUnlessModelsLiveOnThem(string mask, AuditVerdict expected)
    {
        var check = Check("ports", AuditSets.Create(
            (ref record, place, _) => record.Bits[Ports + 3] = (byte)(place.Class + 80), mask));

        Assert.Equal(expected, check.Verdict);
        Assert.Contains("a port names a service as much as a host", check.Sentence);
    }

    [Fact]
    public void Check_TimestampsFollowTheClassBehindOtherOptions_Warns()
    {
        var check = Check("timestamps", AuditSets.Create((ref record, place, random) =>
        {
            record.TcpLength = 34;
            var options = ((Span<byte>)record.Bits)[(Ports + 20)..(Ports + 34)];
            byte[] values = [2, 4, 5, 180, 8, 10, 0, 0, (byte)(place.Class * 20), (byte)random.Next(256), 0, 0, 0, 0];
            values.CopyTo(options);
        }));

        Assert.Equal(AuditVerdict.Warned, check.Verdict);
    }

    [Fact]
    public void Check_OtherOptionsFollowTheClass_TimestampsDoNotShowThem()
    {
        var check = Check("timestamps", AuditSets.Create((ref record, place, _) =>
        {
            record.TcpLength = 24;
            record.Bits[Ports + 20] = (byte)(place.Class + 2);
        }));

        Assert.Equal(AuditVerdict.Passed, check.Verdict);
        Assert.Equal(check.Expected, check.Figure);
    }

    [Theory]
    [InlineData("nprint:udp")]
    [InlineData("nprint:none+size")]
    public void Check_FeatureSetWithoutTheFields_IsSkipped(string set)
    {
        var flows = AuditSets.Split(AuditSets.Create(HostOfClass)).With(FeatureSchema.Parse(set));
        var check = new IdentifierCheck(flows, flows.Data.Schema, AuditSets.Model(), 0, new Random(1))
            .Check("addresses", ["ipv4_src"], TestContext.Current.CancellationToken);

        Assert.Equal((AuditVerdict.Skipped, null), (check.Verdict, check.Figure));
    }

    static void HostOfClass(ref HeaderRecord record, AuditSets.Position place, Random random)
    {
        record.Bits[Source + 3] = (byte)(place.Class + 1);
        record.Bits[8] = (byte)random.Next(256);
    }

    static AuditCheck Check(string group, DataSet data)
    {
        var flows = AuditSets.Split(data);
        var fields = FeatureSchema.IdentifyingFields.First(g => g.Group == group).Fields;
        return new IdentifierCheck(flows, data.Schema, AuditSets.Model(), 0.2, new Random(1))
            .Check(group, fields, TestContext.Current.CancellationToken);
    }
}
