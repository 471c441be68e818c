using ServeFlow.Packets.Live;
using ServeFlow.Tests.Packets.Captures;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>What several workers, a full ring or several interfaces do to what arrives.</summary>
public sealed class LiveSharingTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_TwoWorkers_EachFlowMeetsInOneOfThem(bool lowLatency)
    {
        const int Flows = 500;
        using var pair = VethPair.Create();
        var sources = pair.Open(new() { Interfaces = [VethPair.Far], Workers = 2, LowLatency = lowLatency });
        using var sender = pair.OpenSender();

        sender.Send([.. Enumerable.Range(0, Flows).SelectMany(Conversation)]);
        var shares = sources.Select(source => source.Read(2 * Flows, emptyPolls: 20)).ToArray();

        Assert.Equal(2 * Flows, shares.Sum(share => share.Count));
        Assert.All(shares, share => Assert.InRange(share.Count, Flows / 2, 3 * Flows / 2));
        Assert.All(shares, share => Assert.All(share.GroupBy(FlowOf), flow => Assert.Equal(2, flow.Count())));
        Assert.Equal(shares.Select(share => (long)share.Count),
            sources.Select(source => source.ReadCounters(0).Received));
        Array.ForEach([.. sources], source => source.Dispose());
    }

    /// <summary>The kernel gives the number 0 to the first group after it has started.</summary>
    [Fact]
    public void Share_GroupOfNumber0_IsOneGroup()
    {
        const int Flows = 100; // without a ring a socket holds some hundred packets
        using var pair = VethPair.Create();
        using var first = OpenSocket(pair);
        using var second = OpenSocket(pair);
        using var sender = pair.OpenSender();

        Assert.Equal((0, 0), (first.Share(0), second.Share(0)));
        sender.Send([.. Enumerable.Range(0, Flows).SelectMany(Conversation)]);

        var (ofFirst, ofSecond) = (CountReceived(first), CountReceived(second));
        Assert.Equal(2 * Flows, ofFirst + ofSecond);
        Assert.InRange(ofFirst, Flows / 2, 3 * Flows / 2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ReadCounters_ReaderThatSleeps_TellsEveryDrop(bool lowLatency)
    {
        const int Sent = 3000;
        using var pair = VethPair.Create();
        using var source = pair.Open(new() { Interfaces = [VethPair.Far], RingBytes = 1, LowLatency = lowLatency })[0];
        using var sender = pair.OpenSender();

        sender.Send([.. Enumerable.Range(0, Sent).Select(_ => Frame.Simple(new byte[1000]))]);
        var first = source.ReadCounters(0);
        var read = source.Read(Sent, emptyPolls: 20).Count;
        sender.Send(Frame.Simple());
        var readAfterwards = source.Read(1).Count;
        var last = source.ReadCounters(0);

        Assert.Equal(Sent + 1, pair.Sent);
        Assert.Equal(Sent, first.Received);
        Assert.InRange(first.DroppedByKernel, 1, Sent - 1);
        Assert.Equal(Sent, read + first.DroppedByKernel);
        Assert.Equal(1, readAfterwards);
        Assert.Equal(first with { Received = Sent + 1 }, last);
        source.Dispose();
        Assert.Equal(last, source.ReadCounters(0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pressure_ReaderThatSleeps_GrowsToOneAndFallsAgain(bool lowLatency)
    {
        using var pair = VethPair.Create();
        var options = new LiveOptions { Interfaces = [VethPair.Far], RingBytes = 1 << 20, LowLatency = lowLatency };
        using var source = pair.Open(options)[0];
        using var sender = pair.OpenSender();
        Assert.Equal(0, source.Pressure);

        sender.Send([.. Enumerable.Range(0, 2000).Select(_ => Frame.Simple(new byte[1000]))]);
        Assert.True(source.HasBacklog);
        Assert.Equal(1, source.Pressure);
        source.Read(2000, emptyPolls: 20);

        Assert.False(source.HasBacklog);
        Assert.Equal(0, source.Pressure);
    }

    static PacketSocket OpenSocket(VethPair pair) => pair.FarNamespace.Run(() =>
    {
        var socket = PacketSocket.Open(LinkInterface.Find(VethPair.Far));
        socket.Bind();
        return socket;
    });

    static unsafe int CountReceived(PacketSocket socket)
    {
        var count = 0;
        for (var frame = stackalloc byte[2000]; socket.ReceiveWhole(frame, 2000) > 0; count++)
        {
        }

        return count;
    }

    static byte[][] Conversation(int flow) =>
    [
        Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.1", "10.0.0.2", 6, Frame.Tcp(1000 + flow, 443))),
        Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.2", "10.0.0.1", 6, Frame.Tcp(443, 1000 + flow))),
    ];

    /// <summary>The port that is not 443.</summary>
    static int FlowOf(ReadCapture.Packet packet) => Math.Max((packet.Bytes[34] << 8) | packet.Bytes[35],
        (packet.Bytes[36] << 8) | packet.Bytes[37]);
}
