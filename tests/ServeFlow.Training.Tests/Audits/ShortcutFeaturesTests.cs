using ServeFlow.Features;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Audits;

public sealed class ShortcutFeaturesTests
{
    const int Options = HeaderRecord.TcpOffset + 20;

    [Fact]
    public void Find_OneValueForAClass_NamesClassFieldValueAndMask()
    {
        var found = Find(AuditSets.Create((ref record, place, random) =>
            record.Bits[8] = place.Class == 1 ? (byte)77 : (byte)random.Next(64)));

        var giveaway = Assert.Single(found);
        Assert.Equal(("hub", "ipv4_ttl", 1, "77", 1.0),
            (giveaway.Class, giveaway.Field, giveaway.Packet, giveaway.Value, giveaway.Share));
        Assert.EndsWith(
            "100 % of its flows have 77; if that is the place where it was captured and not the class, train "
            + "with the mask default,ipv4_ttl", giveaway.ToString());
    }

    [Fact]
    public void Find_MaskAsSaid_SaysItNoMore() => Assert.Empty(Find(AuditSets.Create(
        (ref record, place, _) => record.Bits[8] = (byte)(place.Class == 1 ? 77 : 64), mask: "default,ipv4_ttl")));

    [Fact]
    public void Find_HalfOfTheClass_IsNoShortcut() => Assert.Empty(Find(AuditSets.Create((ref record, place, random) =>
        record.Bits[8] = (byte)(place.Class == 1 && random.Next(2) == 0 ? 77 : 64))));

    [Fact]
    public void Find_LaterPacketAlone_IsFoundThere()
    {
        var found = Find(AuditSets.Create((ref record, place, _) =>
            record.Bits[8] = (byte)(place is { Class: 1, Packet: 1 } ? 77 : 64), packets: 2));

        Assert.Equal([("hub", 2)], found.Select(giveaway => (giveaway.Class, giveaway.Packet)));
    }

    [Fact]
    public void Find_ProtocolOfItsOwn_IsNoFieldsFault() =>
        Assert.Empty(Find(AuditSets.Create((ref record, place, random) =>
    {
        record.TcpLength = place.Class == 1 ? (byte)20 : (byte)0;
        record.Bits[8] = (byte)random.Next(4);
        record.Bits[HeaderRecord.TcpOffset + 14] = (byte)random.Next(2);
    })));

    [Theory]
    [InlineData("default", 0)]
    [InlineData("addresses", 3)]
    public void Find_ValuesOfTimestamps_CountOnlyWhereTheyAreSeen(string mask, int expected) =>
        Assert.Equal(expected, Find(AuditSets.Create((ref record, place, _) =>
        {
            record.TcpLength = 32;
            byte[] options = [1, 1, 8, 10, 0, 0, 0, (byte)place.Class, 0, 0, 0, 0];
            options.CopyTo(((Span<byte>)record.Bits)[Options..]);
        }, mask)).Count);

    static IReadOnlyList<ShortcutFeature> Find(DataSet data) => ShortcutFeatures.Find(
        Split.Folds(FlowSample.All(data), 3, SplitKind.Capture, 1), data.Depth,
        TestContext.Current.CancellationToken);
}
