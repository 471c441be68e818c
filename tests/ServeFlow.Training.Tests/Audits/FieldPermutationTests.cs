using ServeFlow.Features;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Audits;

public sealed class FieldPermutationTests
{
    static readonly DataSet Data = AuditSets.Create((ref record, place, random) =>
    {
        record.TcpLength = place.Capture % 2 == 0 ? (byte)20 : (byte)0;
        record.Bits[3] = (byte)random.Next(256);
        record.Bits[8] = (byte)((place.Capture * 4) + place.Packet);
    }, packets: 2);

    [Fact]
    public void Exchange_OneField_DealsItsValuesOutAndLeavesAllOthers()
    {
        var after = new FieldPermutation(Data).Permute([RecordField.FromName("ipv4_ttl")], null, new Random(1));

        Assert.Equal(Values(Data, "ipv4_ttl", 0).Order(), Values(after, "ipv4_ttl", 0).Order());
        Assert.NotEqual(Values(Data, "ipv4_ttl", 0), Values(after, "ipv4_ttl", 0));
        Assert.Equal(Values(Data, "ipv4_tl", 0), Values(after, "ipv4_tl", 0));
        Assert.Equal(Data.Flows.Select(f => f.KeptPackets), after.Flows.Select(f => f.KeptPackets));
    }

    [Fact]
    public void Exchange_AllPackets_KeepsAFlowsValuesTogether()
    {
        var after = new FieldPermutation(Data).Permute([RecordField.FromName("ipv4_ttl")], null, new Random(1));

        Assert.Equal(Values(after, "ipv4_ttl", 0).Select(ttl => ttl + 1), Values(after, "ipv4_ttl", 1));
    }

    [Fact]
    public void Exchange_Flows_OfTheSameHeadersAlone()
    {
        var after = new FieldPermutation(Data).Permute([RecordField.FromName("ipv4_ttl")], null, new Random(1));

        for (var flow = 0; flow < Data.Flows.Count; flow++)
        {
            var from = (int)RecordField.FromName("ipv4_ttl").Read(after.Packets(flow)[0]) / 4;
            Assert.Equal(from % 2 == 0, after.Packets(flow)[0].TcpLength > 0);
        }
    }

    [Fact]
    public void Exchange_OnePacket_LeavesTheOthers()
    {
        var after = new FieldPermutation(Data).Permute([RecordField.FromName("ipv4_ttl")], 1, new Random(1));

        Assert.Equal(Values(Data, "ipv4_ttl", 0), Values(after, "ipv4_ttl", 0));
        Assert.NotEqual(Values(Data, "ipv4_ttl", 1), Values(after, "ipv4_ttl", 1));
    }

    static IEnumerable<ulong> Values(DataSet data, string field, int packet) => Enumerable.Range(0, data.Flows.Count)
        .Select(flow => RecordField.FromName(field).Read(data.Packets(flow)[packet]));
}
