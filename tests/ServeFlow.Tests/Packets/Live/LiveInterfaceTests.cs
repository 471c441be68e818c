using ServeFlow.Packets;
using ServeFlow.Packets.Live;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>Kinds of interfaces, and what happens to them.</summary>
public sealed class LiveInterfaceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_InterfaceDownAndUp_GoesOn(bool lowLatency)
    {
        using var pair = VethPair.Create();
        using var source = pair.OpenRing(lowLatency)[0];
        using var sender = pair.OpenSender();
        pair.FarNamespace.Ip($"link set {VethPair.Far} down");
        Assert.True(source.Poll(new()));
        pair.FarNamespace.Ip($"link set {VethPair.Far} up");

        sender.Send(Frame.Simple());

        Assert.Equal(Frame.Simple(), Assert.Single(source.Read(1)).Bytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_InterfaceRemoved_HandsOverWhatCameAndEnds(bool lowLatency)
    {
        using var pair = VethPair.Create();
        using var source = pair.OpenRing(lowLatency)[0];
        using var sender = pair.OpenSender();
        sender.Send(Frame.Simple());
        pair.FarNamespace.Ip($"link del {VethPair.Far}");

        Assert.Single(source.Read(2));

        Assert.False(source.Poll(new()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_NothingSent_ReturnsEmptyHanded(bool lowLatency)
    {
        using var pair = VethPair.Create();
        using var source = pair.OpenRing(lowLatency)[0];
        var burst = new PacketBurst();

        Assert.True(source.Poll(burst));
        Assert.Equal(0, burst.Count);
        Assert.False(source.HasBacklog);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_SnapLength_CutsPacketsAndKeepsTheirLength(bool lowLatency)
    {
        using var pair = VethPair.Create();
        var options = new LiveOptions { Interfaces = [VethPair.Far], SnapLength = 60, LowLatency = lowLatency };
        using var source = pair.Open(options)[0];
        using var sender = pair.OpenSender();
        byte[][] frames = [Frame.Simple(new byte[500]),
            Frame.Ethernet(0x8100, Frame.Vlan(3, Frame.Ip4, Frame.SimpleIp(new byte[500])))];

        sender.Send(frames);
        var packets = source.Read(2);

        Assert.Equal(frames.Select(frame => frame[..60]), packets.Select(packet => packet.Bytes));
        Assert.Equal(frames.Select(frame => frame.Length), packets.Select(packet => packet.OriginalLength));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_Loopback_TakesEachPacketOnce(bool lowLatency)
    {
        using var space = NetworkNamespace.Create();
        space.Ip("link set lo up");
        using var source = space.Run(() => LiveCapture.Open(new() { Interfaces = ["lo"], LowLatency = lowLatency }))[0];
        using var sender = space.Run(() => new LinkSender("lo"));

        sender.Send([.. Enumerable.Range(0, 10).Select(i => Frame.Simple([(byte)i]))]);

        Assert.Equal(10, source.Read(20, emptyPolls: 20).Count);
        Assert.Equal(new CaptureCounters(10, 0, 0), source.ReadCounters(0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_AnyInterface_IsCooked(bool lowLatency)
    {
        using var pair = VethPair.Create();
        var options = new LiveOptions { Interfaces = ["any"], Filter = "tcp port 1234", LowLatency = lowLatency };
        using var source = pair.Open(options)[0];
        using var sender = pair.OpenSender();

        sender.Send(FrameSeeds.All[1], Frame.Simple([9]),
            Frame.Ethernet(0x8100, Frame.Vlan(5, Frame.Ip4, Frame.SimpleIp())));
        var packets = source.Read(3, emptyPolls: 20);

        // 1: broadcast and others come after to us (0), to others is 3; 1 is ARPHRD_ETHER; six bytes of address.
        byte[] head = [0, 3, 0, 1, 0, 6, 2, 0, 0, 0, 0, 1, 0, 0];
        var packet = Assert.Single(packets);
        Assert.Equal((int)LinkType.LinuxCooked, packet.LinkType);
        Assert.Equal([.. head, 8, 0, .. Frame.SimpleIp([9])], packet.Bytes);
        Assert.Equal(1, source.ReadCounters(0).Received);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_AnyInterfaceTagged_HasTheTagBeforeTheProtocol(bool lowLatency)
    {
        using var pair = VethPair.Create();
        using var source = pair.Open(new() { Interfaces = ["any"], LowLatency = lowLatency })[0];
        using var sender = pair.OpenSender();

        sender.Send(Frame.Ethernet(0x8100, Frame.Vlan(5, Frame.Ip4, Frame.SimpleIp())));
        var packet = Assert.Single(source.Read(1));

        Assert.Equal([0x81, 0, 0, 5, 8, 0, .. Frame.SimpleIp()], packet.Bytes[14..]);
    }
}
