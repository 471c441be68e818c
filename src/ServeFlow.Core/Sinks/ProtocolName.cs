using System.Buffers.Text;

namespace ServeFlow.Sinks;

/// <summary>IANA protocol numbers as Suricata's <c>proto</c> spells them: its names, else three digits.</summary>
static class ProtocolName
{
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte IcmpV6 = 58;
    public const byte Sctp = 132;

    static readonly byte[][] Names = [.. Enumerable.Range(0, 256).Select(number => Spell((byte)number))];

    public static ReadOnlySpan<byte> Of(byte protocol) => Names[protocol];

    /// <summary>Zeek's <c>proto</c> knows four words.</summary>
    public static ReadOnlySpan<byte> InZeek(byte protocol) => protocol switch
    {
        Tcp => "tcp"u8,
        Udp => "udp"u8,
        Icmp or IcmpV6 => "icmp"u8,
        _ => "unknown_transport"u8,
    };

    public static bool HasPorts(byte protocol) => protocol is Tcp or Udp or Sctp;

    public static bool IsIcmp(byte protocol) => protocol is Icmp or IcmpV6;

    static byte[] Spell(byte number) => number switch
    {
        Icmp => "ICMP"u8.ToArray(),
        2 => "IGMP"u8.ToArray(),
        Tcp => "TCP"u8.ToArray(),
        8 => "EGP"u8.ToArray(),
        Udp => "UDP"u8.ToArray(),
        33 => "DCCP"u8.ToArray(),
        46 => "RSVP"u8.ToArray(),
        47 => "GRE"u8.ToArray(),
        50 => "ESP"u8.ToArray(),
        51 => "AH"u8.ToArray(),
        IcmpV6 => "IPv6-ICMP"u8.ToArray(),
        88 => "EIGRP"u8.ToArray(),
        103 => "PIM"u8.ToArray(),
        112 => "VRRP"u8.ToArray(),
        115 => "L2TP"u8.ToArray(),
        Sctp => "SCTP"u8.ToArray(),
        136 => "UDPLite"u8.ToArray(),
        _ => Digits(number),
    };

    static byte[] Digits(byte number)
    {
        var text = new byte[3];
        Utf8Formatter.TryFormat(number, text, out _, new('D', 3));
        return text;
    }
}
