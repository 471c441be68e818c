using ServeFlow.Packets.Live;
using ServeFlow.Packets.Live.Watching;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

public sealed class LinkWatchTests
{
    [Fact]
    public void Read_WhatHappensBetweenTwoLooks_IsHeardAllTheSame()
    {
        using var space = NetworkNamespace.Create();
        AddUp(space);
        using var watch = space.Run(() => LinkWatch.Open(["v0", "any"]));
        Assert.Equal((true, LinkState.Up), (watch.IsListening, watch.Links[0].State));

        space.Ip("link set v0 down");
        space.Ip("link set v0 up");
        space.Ip("link add other type veth peer name another");
        space.Ip("link set v0 mtu 1400");
        space.Ip("link del v0");
        AddUp(space);

        (LinkChange, LinkState)[] expected =
        [
            (LinkChange.WentDown, LinkState.Down), (LinkChange.CameUp, LinkState.Up),
            (LinkChange.WentDown, LinkState.Down), (LinkChange.Vanished, LinkState.Gone),
            (LinkChange.MadeAnew, LinkState.Down), (LinkChange.CameUp, LinkState.Up),
        ];
        Assert.Equal(expected, ReadAll(space, watch, expected.Length).Select(change => (change.Change, change.State)));
        Assert.Equal((2, 2, 1, 1), (watch.Links[0].WentDown, watch.Links[0].CameUp, watch.Links[0].Vanished,
            watch.Links[0].MadeAnew));
        Assert.Equal(LinkState.Up, watch.Links[1].State);
        Assert.Empty(space.Run(watch.Read));
    }

    [Fact]
    public void Read_InterfaceMovedAway_HasVanished()
    {
        using var pair = VethPair.Create();
        using var elsewhere = NetworkNamespace.Create();
        using var watch = pair.FarNamespace.Run(() => LinkWatch.Open([VethPair.Far]));

        pair.FarNamespace.Move(VethPair.Far, elsewhere);

        Assert.Contains(LinkChange.Vanished, pair.FarNamespace.Run(watch.Read).Select(change => change.Change));
        Assert.Equal(LinkState.Gone, watch.Links[0].State);
    }

    [Theory]
    [InlineData(CaptureBackend.AfPacket, 1)]
    [InlineData(CaptureBackend.AfPacket, 3)]
    [InlineData(CaptureBackend.Pcap, 1)]
    public void Poll_InterfaceMadeAnew_IsListenedToAgainWithItsCountersAndFilter(CaptureBackend backend, int workers)
    {
        using var pair = VethPair.Create();
        var sources = pair.Open(new()
        {
            Interfaces = [VethPair.Far],
            Backend = backend,
            Workers = workers,
            Filter = "tcp",
            RingBytes = 1 << 20,
        });
        using (var sender = pair.OpenSender())
        {
            sender.Send(Frame.Simple(), FrameSeeds.All[1]);
        }

        Assert.Equal(1, sources.Sum(source => Read(pair, source).Count));
        pair.FarNamespace.Ip($"link set {VethPair.Far} down");
        Assert.All(sources, source => Assert.Empty(Read(pair, source)));
        pair.FarNamespace.Ip($"link del {VethPair.Far}");
        Assert.All(sources, source => Assert.Empty(Read(pair, source)));
        pair.AddLink(VethPair.Near, VethPair.Far);
        Assert.All(sources, source => Assert.Empty(Read(pair, source)));
        using var again = pair.OpenSender();
        again.Send(Frame.Simple(), FrameSeeds.All[1], Frame.Simple([1]));

        Assert.Equal(2, sources.Sum(source => Read(pair, source).Count));
        Assert.All(sources, source => Assert.Equal(2, source.CountOpened(0)));
        Assert.Equal(3, sources.Sum(source => source.ReadCounters(0).Received));
        foreach (var source in sources)
        {
            source.Dispose();
        }
    }

    /// <summary>Reads until as many changes have come: the kernel may tell of a carrier up to a second late.</summary>
    static List<LinkEvent> ReadAll(NetworkNamespace space, LinkWatch watch, int count)
    {
        var changes = new List<LinkEvent>();
        SpinWait.SpinUntil(() =>
        {
            changes.AddRange(space.Run(watch.Read));
            return changes.Count >= count;
        }, TimeSpan.FromSeconds(10));
        return changes;
    }

    static void AddUp(NetworkNamespace space)
    {
        space.Ip("link add v0 type veth peer name peer");
        space.Ip("link set peer up");
        space.Ip("link set v0 up");
        // The kernel notices the carrier a moment later.
        Assert.True(SpinWait.SpinUntil(() => space.Run(() => IsUp("v0")), TimeSpan.FromSeconds(5)));
    }

    static bool IsUp(string name)
    {
        using var look = LinkWatch.Open([name]);
        return look.Links[0].State == LinkState.Up;
    }

    /// <summary>Polls in the interface's namespace, where a source finds it again.</summary>
    static List<Captures.ReadCapture.Packet> Read(VethPair pair, ILiveSource source) =>
        pair.FarNamespace.Run(() => source.Read(10, emptyPolls: 30));
}
