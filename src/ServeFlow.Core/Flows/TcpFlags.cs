namespace ServeFlow.Flows;

/// <summary>Bits of the TCP header's flag byte (RFC 9293).</summary>
static class TcpFlags
{
    public const byte Fin = 0x01;
    public const byte Syn = 0x02;
    public const byte Rst = 0x04;
    public const byte Psh = 0x08;
    public const byte Ack = 0x10;
    public const byte Urg = 0x20;
    public const byte Ece = 0x40;
    public const byte Cwr = 0x80;

    /// <summary>Determines whether these flags open a connection: SYN, and none of ACK, FIN, RST.</summary>
    public static bool IsOpening(byte flags) => (flags & (Syn | Ack | Fin | Rst)) == Syn;

    /// <summary>Determines whether these flags answer an opening: SYN and ACK, and neither FIN nor RST.</summary>
    public static bool IsAnswer(byte flags) => (flags & (Syn | Ack | Fin | Rst)) == (Syn | Ack);

    /// <summary>
    /// Determines whether these flags neither open nor close anything: ACK, and none of SYN, FIN, RST.
    /// </summary>
    public static bool IsPlain(byte flags) => (flags & (Syn | Ack | Fin | Rst)) == Ack;

    /// <summary>
    /// Determines whether no honest stack sends these flags: SYN or FIN with RST, SYN with FIN, or no flag at all.
    /// </summary>
    public static bool Contradict(byte flags)
    {
        var ends = flags & (Syn | Fin | Rst);
        return (ends & (ends - 1)) != 0 || (flags & (Syn | Fin | Rst | Ack)) == 0;
    }
}
