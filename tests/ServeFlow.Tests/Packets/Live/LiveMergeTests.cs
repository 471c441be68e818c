using ServeFlow.Packets;
using ServeFlow.Packets.Live;
using ServeFlow.Serving.Sources;
using ServeFlow.Tests.Packets.Captures;
using ServeFlow.Tests.Packets.Filters;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>Several interfaces are one time line.</summary>
public sealed class LiveMergeTests
{
    const string Near2 = "sfnear2";
    const string Far2 = "sffar2";

    static LiveOptions Options { get; } =
        new() { Interfaces = [VethPair.Far, Far2], ClockNs = SensorSource.ClockNs };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_TwoInterfacesOneOfThemFlooded_IsInTheOrderOfTime(bool lowLatency)
    {
        using var pair = Create();
        using var source = pair.Open(Options with { LowLatency = lowLatency })[0];
        using var flood = pair.OpenSender();
        using var trickle = pair.OpenSender(Near2);

        for (var round = 0; round < 5; round++)
        {
            flood.Send([.. Enumerable.Range(0, 4000).Select(_ => Frame.Simple())]);
            trickle.Send([.. Enumerable.Range(0, 200).Select(_ => Frame.Simple())]);
        }

        var packets = source.Read(21_000, emptyPolls: 20);
        Assert.Equal(21_000, packets.Count);
        AssertOrdered(packets, changes: 9);
        Assert.Equal((20_000, 1000), (source.ReadCounters(0).Received, source.ReadCounters(1).Received));
    }

    [Theory]
    [InlineData(CaptureBackend.AfPacket, false)]
    [InlineData(CaptureBackend.AfPacket, true)]
    [InlineData(CaptureBackend.Pcap, false)]
    public async Task Poll_InterfacesInTurnWhileItIsRead_IsInTheOrderOfTime(CaptureBackend backend, bool lowLatency)
    {
        PcapOracle.RequireLibrary();
        using var pair = Create();
        using var source = pair.Open(Options with { Backend = backend, LowLatency = lowLatency })[0];
        using var one = pair.OpenSender();
        using var two = pair.OpenSender(Near2);
        var sending = Task.Run(() =>
        {
            for (var i = 0; i < 300; i++)
            {
                (i % 2 == 0 ? one : two).Send(Frame.Simple([(byte)i]));
                Thread.SpinWait(i * 100);
            }
        }, TestContext.Current.CancellationToken);

        var packets = source.Read(300, emptyPolls: 100);
        await sending;

        Assert.Equal(300, packets.Count);
        AssertOrdered(packets, changes: 299);
        Assert.Equal(Enumerable.Range(0, 300).Select(i => (byte)i), packets.Select(packet => packet.Bytes[^1]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_OtherInterfaceIsQuiet_HoldsAPacketBackForTheDelayAndNoLonger(bool lowLatency)
    {
        using var pair = Create();
        var (nowNs, asked) = (0L, 0);
        using var source = pair.Open(Options with
        {
            ClockNs = () => (asked++, nowNs).nowNs,
            LowLatency = lowLatency,
        })[0];
        using var sender = pair.OpenSender();
        var burst = new PacketBurst();
        nowNs = SensorSource.ClockNs();

        sender.Send(Frame.Simple());
        Thread.Sleep(100); // longer than the delay of the merge: it must go by ClockNs, which stands still
        Assert.True(source.Poll(burst));
        Assert.Equal((0, false), (burst.Count, source.HasBacklog));
        nowNs += 100_000_000;
        Assert.True(source.Poll(burst));

        Assert.Equal(1, burst.Count);
        Assert.True(asked > 1);
    }

    [Theory]
    [InlineData(-3_600_000_000_000, false)]
    [InlineData(3_600_000_000_000, false)]
    [InlineData(-3_600_000_000_000, true)]
    [InlineData(3_600_000_000_000, true)]
    public void Poll_ClockThatWasSet_HoldsNothingBack(long offsetNs, bool lowLatency)
    {
        using var pair = Create();
        using var source = pair.Open(Options with
        {
            ClockNs = () => SensorSource.ClockNs() + offsetNs,
            LowLatency = lowLatency,
        })[0];
        using var sender = pair.OpenSender();

        sender.Send(Frame.Simple());

        Assert.Single(source.Read(1, emptyPolls: 10));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_OtherInterfaceIsGone_WaitsForNothing(bool lowLatency)
    {
        using var pair = Create();
        using var source = pair.Open(Options with { ClockNs = () => 0, LowLatency = lowLatency })[0];
        using var sender = pair.OpenSender();
        pair.FarNamespace.Ip($"link del {Far2}");
        Assert.Empty(source.Read(1, emptyPolls: 5));

        sender.Send(Frame.Simple());

        Assert.Single(source.Read(1, emptyPolls: 10));
    }

    static VethPair Create()
    {
        var pair = VethPair.Create();
        pair.AddLink(Near2, Far2);
        return pair;
    }

    /// <param name="changes">At least as often the interface changes from one packet to the next.</param>
    static void AssertOrdered(List<ReadCapture.Packet> packets, int changes)
    {
        var pairs = packets.Zip(packets.Skip(1)).ToArray();
        Assert.All(pairs, two => Assert.True(two.First.TimestampNs <= two.Second.TimestampNs));
        Assert.True(pairs.Count(two => two.First.Interface != two.Second.Interface) >= changes);
        Assert.Equal(Enumerable.Range(1, packets.Count).Select(i => (long)i), packets.Select(packet => packet.Number));
    }
}
