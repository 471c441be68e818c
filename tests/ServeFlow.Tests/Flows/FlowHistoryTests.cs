using ServeFlow.Flows;
using Xunit;
using static ServeFlow.Tests.Flows.PacketMaker;

namespace ServeFlow.Tests.Flows;

/// <summary>Zeek's words for what a connection did. A script is a row of packets: upper case from the client.</summary>
public sealed class FlowHistoryTests
{
    [Theory]
    [InlineData("S", "S", "S0", "syn_sent")]
    [InlineData("S S", "S", "S0", "syn_sent")]
    [InlineData("S h", "Sh", "S1", "syn_recv")]
    [InlineData("S h A D a d D d", "ShADad", "S1", "established")]
    [InlineData("S h A D d F a", "ShADdFa", "S2", "close_wait")]
    [InlineData("S h A D d f", "ShADdf", "S3", "fin_wait1")]
    [InlineData("S h A D d f A", "ShADdf", "S3", "fin_wait2")]
    [InlineData("S h A D a d F f", "ShADadFf", "SF", "last_ack")]
    [InlineData("S h A D a d F f A", "ShADadFf", "SF", "closed")]
    [InlineData("S h A D a d f F", "ShADadfF", "SF", "time_wait")]
    [InlineData("S h A D a d f F R", "ShADadfFR", "SF", "closed")]
    [InlineData("S r", "Sr", "REJ", "closed")]
    [InlineData("S h A D R", "ShADR", "RSTO", "closed")]
    [InlineData("S h A D r", "ShADr", "RSTR", "closed")]
    [InlineData("S R", "SR", "RSTOS0", "closed")]
    [InlineData("S F", "SF", "SH", "close_wait")]
    [InlineData("A h r", "Ahr", "RSTRH", "closed")]
    [InlineData("A h f", "Ahf", "SHR", "fin_wait1")]
    [InlineData("D a d", "Dad", "OTH", "established")]
    [InlineData("Q", "QSF", "SH", "close_wait")]
    public void Track_Script_GivesZeeksHistoryAndStateAndSuricatasState(string script, string history, string state,
        string tcpState)
    {
        var bench = new FlowTableHarness();
        var flow = -1;
        foreach (var letter in script.Split(' '))
        {
            flow = bench.Track(1, Packet(letter[0]));
        }

        Assert.Equal(history, bench.Table[flow].History.ToString());
        Assert.Equal(state, ConnState.FromFlow(bench.Table[flow]));
        Assert.Equal(tcpState, ServeFlow.Telemetry.SnakeCase.From(bench.Table[flow].TcpState));
    }

    static ServeFlow.Packets.PacketHeaders Packet(char letter)
    {
        var (flags, payload) = char.ToUpperInvariant(letter) switch
        {
            'S' => (Syn, 0),
            'H' => (Syn | Ack, 0),
            'A' => (Ack, 0),
            'D' => (Ack | Psh, 10),
            'F' => (Fin | Ack, 0),
            'R' => (Rst, 0),
            'Q' => (Syn | Fin, 0),
            _ => throw new ArgumentOutOfRangeException(nameof(letter)),
        };
        return char.IsUpper(letter) ? Client((byte)flags, payload) : Server((byte)flags, payload);
    }

    [Fact]
    public void Of_UdpFlow_SaysWhetherItWasAnswered()
    {
        var bench = new FlowTableHarness();
        var flow = bench.Track(1, Datagram(5000));
        Assert.Equal(("S0", "D"), (ConnState.FromFlow(bench.Table[flow]), bench.Table[flow].History.ToString()));

        bench.Track(1, Headers(Udp, "10.0.0.2", 53, "10.0.0.1", 5000, payload: 100));
        Assert.Equal(("SF", "Dd"), (ConnState.FromFlow(bench.Table[flow]), bench.Table[flow].History.ToString()));
    }

    [Fact]
    public void With_EveryLetterOfBothSides_StillFits()
    {
        var history = default(FlowHistory);
        for (var letter = 1; letter <= 7; letter++)
        {
            history = history.With(letter, forward: true).With(letter, forward: false).With(letter, forward: true);
        }

        Assert.Equal("SsHhAaDdFfRrQq", history.ToString());
        Assert.Equal("sShHaAdDfFrRqQ^", history.Turned().ToString());
        Assert.Equal(FlowHistory.MaxLength, history.Turned().ToString().Length);
    }
}
