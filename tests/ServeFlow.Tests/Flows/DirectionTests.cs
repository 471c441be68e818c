using ServeFlow.Flows;
using Xunit;
using static ServeFlow.Tests.Flows.PacketMaker;

namespace ServeFlow.Tests.Flows;

/// <summary>Forward is from the client, where a handshake shows who that is.</summary>
public sealed class DirectionTests
{
    static readonly ServeFlow.Packets.IpAddress ClientAddress = Address("10.0.0.1");

    readonly FlowTableHarness bench = new();

    [Fact]
    public void Track_SynAckFirst_ItsReceiverIsTheClient()
    {
        var flow = bench.Track(1, Server(Syn | Ack), out var forward, out var isNew);
        Assert.Equal((false, true), (forward, isNew));
        bench.Track(2, Client(Ack), out forward, out _);
        Assert.True(forward);

        AssertClientIsForward(flow, "^hA", 1, 1);
        Assert.Equal((1, 0), (bench.Table.Events[FlowEvent.SynAckFirst], bench.Table.Events[FlowEvent.SidesTurned]));
        Assert.Equal(TcpState.Established, bench.Table[flow].TcpState);
    }

    [Fact]
    public void Track_SynAckBeforeItsSyn_TheSynsSenderIsTheClient()
    {
        var flow = bench.Track(1, Server(Syn | Ack));
        bench.Track(0.99, Client(Syn), out var forward, out _);

        Assert.True(forward);
        AssertClientIsForward(flow, "^hS", 1, 1);
        Assert.Equal(0, bench.Table.Events[FlowEvent.SynRepeated]);
    }

    /// <summary>A capture out of order may even have the server's data first.</summary>
    [Theory]
    [InlineData(Syn | Ack, false)]
    [InlineData(Syn, true)]
    public void Track_HandshakeAfterTheServersData_TurnsTheSides(byte flags, bool fromClient)
    {
        var flow = bench.Track(1, Server(Ack | Psh, payload: 7));
        bench.Track(2, fromClient ? Client(flags) : Server(flags), out var forward, out _);

        Assert.Equal(fromClient, forward);
        Assert.Equal(1, bench.Table.Events[FlowEvent.SidesTurned]);
        ref readonly var turned = ref bench.Table[flow];
        Assert.Equal((ClientAddress, (ushort)1000), (turned.Source, turned.SourcePort));
        Assert.Equal((0, 7), (turned.PayloadForward, turned.PayloadBackward));
        Assert.Equal(fromClient ? "d^S" : "d^h", turned.History.ToString());
        Assert.Equal(Ack | Psh, turned.TcpFlagsBackward & (Ack | Psh));
        Assert.True(turned.History.IsTurned);
    }

    /// <summary>Only a first handshake decides: a later SYN may be of anybody's making.</summary>
    [Theory]
    [InlineData(Syn)]
    [InlineData(Syn | Ack)]
    public void Track_HandshakeAfterAHandshake_LeavesTheSides(byte flags)
    {
        var flow = bench.Track(1, Client(Syn));
        bench.Track(2, Server(flags));
        bench.Track(3, Client(Syn | Ack));
        bench.Track(4, Server(Syn));

        Assert.Equal(ClientAddress, bench.Table[flow].Source);
        Assert.Equal(0, bench.Table.Events[FlowEvent.SidesTurned]);
        Assert.False(bench.Table[flow].History.IsTurned);
    }

    /// <summary>States of closing are told from each side, and a SYN then opens a new flow anyway.</summary>
    [Fact]
    public void Track_SynAckAfterAFin_LeavesTheSides()
    {
        var flow = bench.Track(1, Server(Ack));
        bench.Track(2, Client(Fin | Ack));
        bench.Track(3, Server(Syn | Ack));

        Assert.NotEqual(ClientAddress, bench.Table[flow].Source);
    }

    [Fact]
    public void Track_SynAckInAContinuation_LeavesTheSides()
    {
        var hourly = new FlowTableHarness(new() { HashSeed = 1, TcpIdleTimeout = TimeSpan.FromHours(3) });
        hourly.Track(1, Client(Syn));
        var next = hourly.Track(3700, Client(Ack));
        hourly.Track(3701, Client(Syn | Ack));

        Assert.True(hourly.Table[next].IsContinuation);
        Assert.Equal(ClientAddress, hourly.Table[next].Source);
    }

    [Theory]
    [InlineData(Ack, 1)]
    [InlineData(Rst, 1)]
    [InlineData(Syn, 0)]
    public void Track_FirstPacketOfTcp_TellsWhetherTheFlowBeganInTheMiddle(byte flags, int expected)
    {
        bench.Track(1, Client(flags));
        bench.Track(1, Datagram(5000));

        Assert.Equal(expected, new TrafficOddities(new(), bench.Table.Events, new()).BegunInTheMiddle);
    }

    void AssertClientIsForward(int index, string history, uint forward, uint backward)
    {
        ref readonly var flow = ref bench.Table[index];
        Assert.Equal((ClientAddress, (ushort)1000), (flow.Source, flow.SourcePort));
        Assert.Equal((forward, backward), (flow.PacketsForward, flow.PacketsBackward));
        Assert.Equal(history, flow.History.ToString());
        Assert.Equal(1, new TrafficOddities(new(), bench.Table.Events, new()).BegunInTheMiddle);
    }
}
