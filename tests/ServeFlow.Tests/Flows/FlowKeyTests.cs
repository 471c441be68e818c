using CsCheck;
using ServeFlow.Flows;
using ServeFlow.Packets;
using Xunit;
using static ServeFlow.Tests.Flows.PacketMaker;

namespace ServeFlow.Tests.Flows;

public sealed class FlowKeyTests
{
    static readonly Gen<IpAddress> addresses = Gen.Select(Gen.ULong[0, 2], Gen.ULong[0, 2], (high, low) =>
        new IpAddress(high, low));

    [Fact]
    public void Of_BothDirections_AreEqualAndSendersDiffer() =>
        Gen.Select(addresses, addresses, Gen.UShort[0, 3], Gen.UShort[0, 3]).Sample((a, b, port, other) =>
        {
            var there = FlowKey.FromHeaders(Headers(a, port, b, other), withVlan: true, out var low);
            var back = FlowKey.FromHeaders(Headers(b, other, a, port), withVlan: true, out var backLow);

            Assert.Equal(there, back);
            Assert.True(low != backLow || (a == b && port == other));
        });

    [Fact]
    public void Equals_KeysThatDifferInOneField_AreUnequal()
    {
        FlowKey key = new(Address("10.0.0.1"), Address("10.0.0.2"), 1000, 80, 7, Tcp, 4);
        FlowKey[] others =
        [
            key with { LowAddress = Address("10.0.0.3") }, key with { HighAddress = Address("2001:db8::a00:2") },
            key with { LowPort = 1001 }, key with { HighPort = 81 }, key with { Vlan = 8 }, key with { Protocol = Udp },
            key with { IpVersion = 6 },
        ];

        Assert.Equal(key, key with { });
        Assert.All(others, other => Assert.NotEqual(key, other));
    }

    static PacketHeaders Headers(IpAddress source, ushort port, IpAddress destination, ushort other) =>
        new()
        {
            Source = source,
            SourcePort = port,
            Destination = destination,
            DestinationPort = other,
            Protocol = Udp
        };

    [Theory]
    [InlineData(1, 8, 0)]
    [InlineData(1, 13, 14)]
    [InlineData(1, 15, 16)]
    [InlineData(1, 17, 18)]
    [InlineData(1, 10, 9)]
    [InlineData(58, 128, 129)]
    [InlineData(58, 133, 134)]
    [InlineData(58, 135, 136)]
    [InlineData(58, 130, 131)]
    [InlineData(58, 139, 140)]
    [InlineData(58, 144, 145)]
    public void Of_IcmpRequestAndReply_AreOneKey(byte protocol, int request, int reply)
    {
        var asked =
            FlowKey.FromHeaders(PacketMaker.Headers(protocol, "10.0.0.9", request, "10.0.0.1", 0), false, out var low);
        var told = FlowKey.FromHeaders(PacketMaker.Headers(protocol, "10.0.0.1", reply, "10.0.0.9", 3), false,
            out var toldLow);

        Assert.Equal(asked, told);
        Assert.NotEqual(low, toldLow);
    }

    [Fact]
    public void Of_IcmpMessageThatStandsAlone_HasAKeyForEachDirection()
    {
        var there = FlowKey.FromHeaders(PacketMaker.Headers(1, "10.0.0.1", 3, "10.0.0.2", 1), false, out var low);
        var back = FlowKey.FromHeaders(PacketMaker.Headers(1, "10.0.0.2", 3, "10.0.0.1", 1), false, out var backLow);

        Assert.NotEqual(there, back);
        Assert.True(low && backLow);
    }

    [Fact]
    public void Track_Ping_IsOneFlowThatKeepsTypeAndCode()
    {
        var bench = new FlowTableHarness();
        var flow = bench.Track(1, PacketMaker.Headers(1, "10.0.0.9", 8, "10.0.0.1", 0));
        var answer = bench.Track(2, PacketMaker.Headers(1, "10.0.0.1", 0, "10.0.0.9", 0), out var forward, out _);
        var unreachable = bench.Track(3, PacketMaker.Headers(1, "10.0.0.1", 3, "10.0.0.9", 13));

        Assert.Equal(flow, answer);
        Assert.False(forward);
        Assert.Equal((8, 0), (bench.Table[flow].IcmpType, bench.Table[flow].IcmpCode));
        Assert.Equal((3, 13), (bench.Table[unreachable].IcmpType, bench.Table[unreachable].IcmpCode));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Track_SameTupleOnTwoVlans_IsOneFlowUnlessTheKeyHasTheVlan(bool vlanInKey, int flows)
    {
        var bench = new FlowTableHarness(new() { VlanInKey = vlanInKey });
        var tagged = Client(Syn);
        tagged.Vlan = 7;
        bench.Track(1, tagged);
        bench.Track(2, Server(Syn | Ack));

        Assert.Equal(flows, bench.Table.Active);
        Assert.Equal(7, bench.Table[0].Vlan);
    }
}
