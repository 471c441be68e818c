using ServeFlow.Flows;
using ServeFlow.Packets;
using Xunit;
using static ServeFlow.Tests.Flows.PacketMaker;

namespace ServeFlow.Tests.Flows;

public sealed class TcpRulesTests
{
    readonly FlowTableHarness bench = new();

    [Fact]
    public void Track_LastAckAfterBothFins_StaysInTheFlowWhichEndsAfterTheLinger()
    {
        var flow = bench.Track(1, Client(Syn));
        bench.Track(2, Client(Fin | Ack));
        bench.Track(3, Server(Fin | Ack));
        Assert.True(bench.Table[flow].IsClosed);
        Assert.Equal(flow, bench.Track(3.2, Client(Ack)));
        Assert.Equal(flow, bench.Track(7.9, Client(Ack)));

        bench.Table.Advance(9 * Second);
        var end = Assert.Single(bench.Ends);
        Assert.Equal((EndReason.EndOfFlow, 8 * Second), (end.Reason, end.EndNs));
        Assert.Equal(5u, end.Flow.PacketsForward + end.Flow.PacketsBackward);
        Assert.Equal(1, bench.Table.Events[FlowEvent.PacketAfterClose]);
    }

    /// <summary>The first to send a FIN acknowledges the second; the other side's own packets close nothing.</summary>
    [Theory]
    [InlineData(true, TcpState.LastAck)]
    [InlineData(false, TcpState.TimeWait)]
    public void Track_AcksAfterBothFins_CloseWhenTheFirstToFinishSendsOne(bool clientFirst, TcpState before)
    {
        var flow = bench.Track(1, Client(Syn));
        bench.Track(2, Of(clientFirst, Fin | Ack));
        bench.Track(3, Of(!clientFirst, Fin | Ack));

        bench.Track(3.1, Of(!clientFirst, Ack));
        Assert.Equal(before, bench.Table[flow].TcpState);

        bench.Track(3.2, Of(clientFirst, Ack));
        Assert.Equal(TcpState.Closed, bench.Table[flow].TcpState);

        static PacketHeaders Of(bool client, byte flags) => client ? Client(flags) : Server(flags);
    }

    [Fact]
    public void Track_AcksAfterTheServersFin_TheClientsAloneAcknowledgesIt()
    {
        var flow = bench.Track(1, Client(Syn));
        bench.Track(2, Server(Fin | Ack));
        bench.Track(2.1, Server(Ack));
        Assert.Equal(TcpState.FinWait1, bench.Table[flow].TcpState);

        bench.Track(2.2, Client(Ack));
        Assert.Equal(TcpState.FinWait2, bench.Table[flow].TcpState);
    }

    [Fact]
    public void Track_Reset_ClosesTheFlow()
    {
        var flow = bench.Track(1, Client(Syn));
        bench.Track(2, Server(Rst | Ack));
        Assert.True(bench.Table[flow].IsClosed);

        bench.Table.Advance(8 * Second);
        Assert.Equal(EndReason.EndOfFlow, Assert.Single(bench.Ends).Reason);
    }

    [Fact]
    public void Track_OneFin_LeavesTheFlowToItsIdleTimeout()
    {
        bench.Track(1, Client(Syn));
        bench.Track(2, Client(Fin | Ack));
        bench.Table.Advance(301 * Second);
        Assert.Empty(bench.Ends);

        bench.Table.Advance(303 * Second);
        var end = Assert.Single(bench.Ends);
        Assert.Equal((EndReason.IdleTimeout, 302 * Second), (end.Reason, end.EndNs));
    }

    [Theory]
    [InlineData(Rst)]
    [InlineData(Fin | Ack)]
    public void Track_SynOnAClosingTuple_StartsANewFlowAtOnce(byte closing)
    {
        bench.Track(1, Client(Syn));
        bench.Track(2, Client(closing));
        bench.Track(3, Server(Syn), out var forward, out var isNew);

        Assert.True(isNew);
        Assert.True(forward);
        var end = Assert.Single(bench.Ends);
        Assert.Equal((EndReason.EndOfFlow, 3 * Second), (end.Reason, end.EndNs));
        Assert.Equal(1, bench.Table.Events[FlowEvent.TupleReused]);
        Assert.False(bench.Table[0].IsContinuation);
    }

    [Fact]
    public void Track_SynAgainInAnOpenFlow_StaysAndIsCounted()
    {
        var flow = bench.Track(1, Client(Syn));
        Assert.Equal(flow, bench.Track(2, Client(Syn)));
        Assert.Equal(1, bench.Table.Events[FlowEvent.SynRepeated]);
    }

    [Fact]
    public void Track_SynAckOnAClosedTuple_StaysInTheFlow()
    {
        var flow = bench.Track(1, Client(Syn));
        bench.Track(2, Client(Rst));
        Assert.Equal(flow, bench.Track(3, Server(Syn | Ack)));
    }

    [Fact]
    public void Track_OddFlagsAndMissingSyn_AreCounted()
    {
        bench.Track(1, Client(0));
        bench.Track(1, Client(Syn | Rst));

        Assert.Equal(2, bench.Table.Events[FlowEvent.ContradictoryTcpFlags]);
        Assert.Equal(1, bench.Table.Events[FlowEvent.TcpWithoutSyn]);
    }

    [Fact]
    public void Track_LaterFragment_BelongsToNoFlowAndIsCounted()
    {
        var fragment = Client(0);
        fragment.Fragment = FragmentKind.Later;
        var esp = Headers(50, "10.0.0.1", 0, "10.0.0.2", 0);
        esp.TransportLength = 0;

        Assert.Equal(-1, bench.Track(1, fragment));
        Assert.NotEqual(-1, bench.Track(1, esp));
        Assert.Equal((1L, 1L), (bench.Table.Untracked[UntrackedReason.LaterFragment], bench.Table.Tracked));
    }

    [Fact]
    public void Track_TinyFirstFragment_IsAPacketOfTheFlowOfItsPorts()
    {
        var tiny = Client(0);
        tiny.Fragment = FragmentKind.First;
        tiny.TransportLength = 0;

        var flow = bench.Track(1, tiny);

        Assert.NotEqual(-1, flow);
        Assert.Equal(flow, bench.Track(1, Client(Syn)));
        Assert.Equal(2, bench.Table.Tracked);
        Assert.Equal(0, bench.Table.Events.Total);
    }
}
