using ServeFlow.Packets;

namespace ServeFlow.Training.Synthesis;

/// <summary>Represents a flow being played: two parties and what they still have to say.</summary>
sealed class Conversation
{
    /// <summary>Specifies the pause between repeated packets: 20 ms, as voice over IP sends them.</summary>
    const long PauseMicroseconds = 20_000;

    public required FlowKind Kind { get; init; }

    public required Party Client { get; init; }

    public required Party Server { get; init; }

    public required IReadOnlyList<Step> Steps { get; set; }

    /// <summary>Gets the time of the first packet, µs since the Unix epoch.</summary>
    public required long StartMicroseconds { get; init; }

    public int Next { get; set; }

    public bool IsTcp => Kind == FlowKind.Tls;

    public bool HasTimestamps => Client.Options.Contains('T') && Server.Options.Contains('T');

    public bool HasScales => Client.Options.Contains('W') && Server.Options.Contains('W');

    public bool HasEcn => Client.AsksForEcn && Server.AsksForEcn;

    public long NextMicroseconds => StartMicroseconds + Steps[Next].AfterMicroseconds;

    /// <summary>
    /// Cuts the conversation to <paramref name="packets"/> packets, or goes on: the last ones are repeated, and nobody
    /// hangs up.
    /// </summary>
    public void HoldFor(int packets)
    {
        const TcpFlag ends = TcpFlag.Syn | TcpFlag.Fin | TcpFlag.Rst;
        var said = Steps.Take(packets).ToList();
        for (var again = Math.Max(0, said.Count - 2); said.Count < packets; again++)
        {
            var step = said[again];
            said.Add(step with
            {
                AfterMicroseconds = said[^1].AfterMicroseconds + PauseMicroseconds,
                Flags = IsTcp ? (step.Flags & ~ends) | TcpFlag.Ack : step.Flags,
            });
        }

        Steps = said;
    }
}

/// <summary>Represents one end of a flow.</summary>
sealed class Party
{
    public required IpAddress Address { get; init; }

    public required ushort Port { get; init; }

    public required TcpStack Stack { get; init; }

    /// <summary>Gets the order of its SYN's options; see <see cref="TcpOptions"/>.</summary>
    public required string Options { get; init; }

    /// <summary>Asks for congestion notification, or agrees to it (RFC 3168).</summary>
    public bool AsksForEcn { get; init; }

    /// <summary>Its datagrams may be fragmented on the way.</summary>
    public bool MayFragment { get; init; }

    /// <summary>Gets the window of the SYN, unscaled.</summary>
    public required int Window { get; init; }

    public required int WindowScale { get; init; }

    public required int SegmentSize { get; init; }

    public required byte TypeOfService { get; init; }

    /// <summary>Gets the TTL as it arrives where the capture is taken.</summary>
    public required byte Ttl { get; init; }

    public uint Sequence { get; set; }

    public ushort IpId { get; set; }

    /// <summary>Gets the start of the clock that its TCP timestamps show.</summary>
    public uint ClockBase { get; init; }

    public uint LastTimestamp { get; set; }
}

/// <summary>Represents one packet that is due.</summary>
/// <param name="AfterMicroseconds">Time since the flow's first packet.</param>
/// <param name="Backward">Sent by the server.</param>
/// <param name="Payload">Bytes of transport payload.</param>
/// <param name="Flags">TCP flags; 0 for UDP.</param>
readonly record struct Step(long AfterMicroseconds, bool Backward, ushort Payload, TcpFlag Flags, Content Content);

/// <summary>CWR ECE URG ACK PSH RST SYN FIN, as on the wire.</summary>
[Flags]
enum TcpFlag : byte { None = 0, Fin = 1, Syn = 2, Rst = 4, Psh = 8, Ack = 16, Ece = 64, Cwr = 128 }

/// <summary>Names how a payload begins; the rest is random, or zero beyond the snap length.</summary>
enum Content : byte { None, Handshake, Records, QuicLong, QuicShort, DnsQuery, DnsResponse, Stun, Dtls, Rtp }
