using ServeFlow.Packets;
using ServeFlow.Packets.Live;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>Tests that packets arrive by both of the kernel's rings: of blocks, and of single packets.</summary>
public sealed class AfPacketTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_FramesSentAcross_ArriveByteForByte(bool lowLatency)
    {
        using var pair = VethPair.Create();
        using var source = pair.OpenRing(lowLatency)[0];
        using var sender = pair.OpenSender();
        byte[][] frames = [.. Enumerable.Range(0, 3000).Select(i => Frame.Simple(new byte[i % 1400]))];

        sender.Send(frames);
        var packets = source.Read(frames.Length);

        Assert.Equal(frames.Length, packets.Count);
        Assert.All(frames.Zip(packets), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second.Bytes)));
        Assert.Equal(Enumerable.Range(1, 3000).Select(i => (long)i), packets.Select(packet => packet.Number));
        Assert.All(packets, packet => Assert.Equal((1, 0), (packet.LinkType, packet.Interface)));
        Assert.Equal(new CaptureCounters(3000, 0, 0), source.ReadCounters(0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_TaggedFrames_ArriveWithTheirTags(bool lowLatency)
    {
        using var pair = VethPair.Create();
        using var source = pair.OpenRing(lowLatency)[0];
        using var sender = pair.OpenSender();
        byte[][] frames =
        [
            Frame.Ethernet(0x8100, Frame.Vlan(7, Frame.Ip4, Frame.SimpleIp())),
            Frame.Ethernet(0x88a8, Frame.Vlan(0xffff, 0x8100, Frame.Vlan(0, Frame.Ip4, Frame.SimpleIp()))),
            Frame.Ethernet(0x8100, Frame.Vlan(0, Frame.Ip4, Frame.SimpleIp())),
            Frame.Simple(),
        ];

        sender.Send(frames);
        var packets = source.Read(frames.Length);

        Assert.Equal(frames, packets.Select(packet => packet.Bytes));
        Assert.Equal(frames.Select(frame => frame.Length), packets.Select(packet => packet.OriginalLength));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_Warm_AllocatesNothing(bool lowLatency)
    {
        using var pair = VethPair.Create();
        using var source = pair.Open(new() { Interfaces = [VethPair.Far], LowLatency = lowLatency })[0];
        using var sender = pair.OpenSender();
        var burst = new PacketBurst();
        byte[][] frames = [.. FrameSeeds.All, Frame.Ethernet(0x8100, Frame.Vlan(7, Frame.Ip4, Frame.SimpleIp()))];
        sender.Send(frames, times: 200);
        Assert.True(source.Poll(burst));

        var read = burst.Count;
        var allocated = AllocatedBytes.Min(_ =>
        {
            for (var i = 0; i < 5 && source.Poll(burst); i++)
            {
                read += burst.Count;
            }
        });

        Assert.Equal(0, allocated);
        read += source.Read((200 * frames.Length) - read).Count;
        Assert.Equal(200 * frames.Length, read);
    }
}
