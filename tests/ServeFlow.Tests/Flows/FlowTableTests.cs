using ServeFlow.Flows;
using ServeFlow.Flows.Timers;
using Xunit;
using static ServeFlow.Tests.Flows.PacketMaker;

namespace ServeFlow.Tests.Flows;

public sealed class FlowTableTests
{
    readonly FlowTableHarness bench = new();

    [Fact]
    public void Track_AnswerOfAnOpenFlow_IsBackwardInTheSameFlow()
    {
        var first = bench.Track(1, Client(Syn), out var forward, out var isNew);
        Assert.True(forward);
        Assert.True(isNew);

        var second = bench.Track(2, Server(Syn | Ack), out forward, out isNew);
        Assert.Equal(first, second);
        Assert.False(forward);
        Assert.False(isNew);
        Assert.Equal((1u, 1u), (bench.Table[first].PacketsForward, bench.Table[first].PacketsBackward));
    }

    [Fact]
    public void Track_FirstPacketFromTheHigherAddress_IsForward()
    {
        var flow = bench.Track(1, Server(Ack), out var forward, out _);

        Assert.True(forward);
        Assert.Equal(Address("10.0.0.2"), bench.Table[flow].Source);
        Assert.Equal(80, bench.Table[flow].SourcePort);
    }

    [Fact]
    public void Advance_UdpFlowIdleForItsTimeout_EndsThen()
    {
        bench.Track(10, Datagram(5000));
        bench.Table.Advance(69 * Second);
        Assert.Empty(bench.Ends);

        bench.Table.Advance(71 * Second);
        var end = Assert.Single(bench.Ends);
        Assert.Equal((EndReason.IdleTimeout, 70 * Second), (end.Reason, end.EndNs));
    }

    /// <summary>A flow whose timeout falls on a tick of the timers is over at that moment, not a tick later.</summary>
    [Fact]
    public void Advance_ToTheVeryMomentOfTheIdleTimeout_EndsTheFlow()
    {
        const long Due = 100_000 * TimerWheel.TickNs;
        bench.Table.Track(At(Due - (60 * Second)), Datagram(5000), out _, out _);
        bench.Table.Advance(Due);

        var end = Assert.Single(bench.Ends);
        Assert.Equal((EndReason.IdleTimeout, Due), (end.Reason, end.EndNs));
    }

    [Fact]
    public void EndAll_AtTheVeryMomentOfAnIdleTimeout_SaysThatTheFlowWasIdle()
    {
        bench.Track(10, Datagram(5000));
        bench.Track(70, Datagram(4000));
        bench.Table.EndAll(EndReason.ForcedEnd);

        Assert.Equal([EndReason.IdleTimeout, EndReason.ForcedEnd], bench.Ends.Select(end => end.Reason));
    }

    [Fact]
    public void EndAll_TwoFlows_EndsTheOlderFirst()
    {
        bench.Track(1, Datagram(5000));
        bench.Track(2, Datagram(4000));
        bench.Track(3, Datagram(5000));
        bench.Table.EndAll(EndReason.ForcedEnd);

        Assert.Equal([5000, 4000], bench.Ends.Select(end => (int)end.Flow.SourcePort));
        Assert.All(bench.Ends, end => Assert.Equal(EndReason.ForcedEnd, end.Reason));
        Assert.Equal((2L, 0, 2L), (bench.Table.Created, bench.Table.Active, bench.Table.Ended.Total));
    }
}
