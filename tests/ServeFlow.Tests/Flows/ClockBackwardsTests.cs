using ServeFlow.Flows;
using Xunit;
using static ServeFlow.Tests.Flows.PacketMaker;

namespace ServeFlow.Tests.Flows;

public sealed class ClockBackwardsTests
{
    readonly FlowTableHarness bench = new();

    [Fact]
    public void Track_OlderPacket_IsCountedAtTheLatestTime()
    {
        var flow = bench.Track(100, Datagram(5000));
        Assert.Equal(flow, bench.Track(40, Datagram(5000)));
        var other = bench.Track(50, Datagram(6000));

        Assert.Equal(2u, bench.Table[flow].PacketsForward);
        Assert.Equal((100 * Second, 100 * Second), (bench.Table[flow].FirstNs, bench.Table[flow].LastNs));
        Assert.Equal(100 * Second, bench.Table[other].FirstNs);
        Assert.Equal(2, bench.Table.Events[FlowEvent.ClockBackwards]);
        Assert.Equal(100 * Second, bench.Table.NowNs);
    }

    [Fact]
    public void Advance_ToThePast_ChangesNothing()
    {
        bench.Track(100, Datagram(5000));
        bench.Table.Advance(0);
        bench.Table.Advance(long.MinValue);

        Assert.Equal(100 * Second, bench.Table.NowNs);
        Assert.Empty(bench.Ends);
    }

    [Theory]
    [InlineData(1_000_000L * Second)]
    [InlineData(long.MaxValue)]
    public void Advance_FarAhead_EndsWhatIsDueAtItsOwnTime(long ahead)
    {
        for (var port = 0; port < 100; port++)
        {
            bench.Track(port * 0.1, Datagram(5000 + port));
        }

        bench.Table.Advance(ahead);
        Assert.Equal(100, bench.Ends.Count);
        Assert.All(bench.Ends, end => Assert.Equal(end.Flow.LastNs + (60 * Second), end.EndNs));
        Assert.Equal(bench.Ends.Select(end => end.EndNs).Order(), bench.Ends.Select(end => end.EndNs));
    }

    [Fact]
    public void Track_NegativeAndLatestTimes_AreSafe()
    {
        bench.Table.Track(At(-5), Datagram(1), out _, out _);
        bench.Table.Track(At(long.MaxValue), Datagram(1), out _, out _);
        bench.Table.Track(At(long.MinValue), Datagram(1), out _, out _);
        bench.Table.EndAll(EndReason.ForcedEnd);

        Assert.Equal(2, bench.Ends.Count);
        Assert.All(bench.Ends, end => Assert.True(end.Flow.FirstNs <= end.Flow.LastNs));
    }
}
