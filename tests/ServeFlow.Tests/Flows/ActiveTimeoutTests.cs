using ServeFlow.Flows;
using Xunit;
using static ServeFlow.Tests.Flows.PacketMaker;

namespace ServeFlow.Tests.Flows;

public sealed class ActiveTimeoutTests
{
    readonly FlowTableHarness bench = new();

    [Fact]
    public void Track_PacketAfterAnHour_GoesToAContinuationThatKeepsTheDirection()
    {
        bench.Track(0, Client(Syn));
        for (var minute = 4; minute < 60; minute += 4)
        {
            bench.Track(minute * 60, Client(Ack, 10));
        }

        var flow = bench.Track(3601, Server(Ack, 10), out var forward, out var isNew);
        Assert.True(isNew);
        Assert.False(forward);
        Assert.True(bench.Table[flow].IsContinuation);
        Assert.Equal(Address("10.0.0.1"), bench.Table[flow].Source);
        Assert.Equal((0u, 1u), (bench.Table[flow].PacketsForward, bench.Table[flow].PacketsBackward));
        Assert.Equal(3601 * Second, bench.Table[flow].FirstNs);
        var end = Assert.Single(bench.Ends);
        Assert.Equal((EndReason.ActiveTimeout, 3601 * Second), (end.Reason, end.EndNs));
        Assert.False(end.Flow.IsContinuation);
    }

    [Theory]
    [InlineData(9.999999999, false)]
    [InlineData(10, true)]
    public void Track_PacketAtTheActiveTimeout_BelongsToTheContinuation(double seconds, bool continues)
    {
        var active = new FlowTableHarness(new() { ActiveTimeout = TimeSpan.FromSeconds(10) });
        active.Track(0, Datagram(5000));
        var flow = active.Track(seconds, Datagram(5000), out _, out var isNew);

        Assert.Equal((continues, continues), (isNew, active.Table[flow].IsContinuation));
        EndReason[] ends = continues ? [EndReason.ActiveTimeout] : [];
        Assert.Equal(ends, active.Ends.Select(end => end.Reason));
    }

    [Fact]
    public void Track_StrayPacketOfAClosedConnectionAfterTheActiveTimeout_StaysInTheFlow()
    {
        var active = new FlowTableHarness(new() { ActiveTimeout = TimeSpan.FromSeconds(10) });
        var flow = active.Track(0, Client(Syn));
        active.Track(9, Server(Rst));

        Assert.Equal(flow, active.Track(11, Client(Ack)));
        active.Table.Advance(15 * Second);
        Assert.Equal(EndReason.EndOfFlow, Assert.Single(active.Ends).Reason);
    }

    [Fact]
    public void Track_ContinuationOfAHalfClosedConnection_ClosesOnTheOtherFin()
    {
        var active = new FlowTableHarness(new() { ActiveTimeout = TimeSpan.FromSeconds(10) });
        active.Track(0, Client(Syn));
        active.Track(9, Client(Fin | Ack));
        var flow = active.Track(11, Server(Fin | Ack));

        Assert.True(active.Table[flow].IsClosed);
    }

    [Fact]
    public void Advance_NoPacketAfterTheActiveTimeout_EndsByIdleTimeout()
    {
        var active = new FlowTableHarness(new() { ActiveTimeout = TimeSpan.FromSeconds(10) });
        active.Track(0, Datagram(5000));
        active.Table.Advance(59 * Second);
        Assert.Empty(active.Ends);

        active.Table.Advance(61 * Second);
        Assert.Equal(EndReason.IdleTimeout, Assert.Single(active.Ends).Reason);
    }

    [Fact]
    public void Track_PacketExactlyAtTheIdleTimeout_BeginsANewFlowThatContinuesNothing()
    {
        bench.Track(10, Datagram(5000));
        var flow = bench.Track(70, Datagram(5000), out _, out var isNew);

        Assert.True(isNew);
        Assert.False(bench.Table[flow].IsContinuation);
        Assert.Equal((EndReason.IdleTimeout, 70 * Second), (bench.Ends[0].Reason, bench.Ends[0].EndNs));
    }

    [Fact]
    public void Track_PacketJustBeforeTheIdleTimeout_KeepsTheFlowForAsLongAgain()
    {
        var flow = bench.Track(10, Datagram(5000));
        Assert.Equal(flow, bench.Track(69.999999, Datagram(5000)));

        bench.Table.Advance(129 * Second);
        Assert.Empty(bench.Ends);
        bench.Table.Advance(131 * Second);
        Assert.Equal(129_999_999_000, Assert.Single(bench.Ends).EndNs);
    }
}
