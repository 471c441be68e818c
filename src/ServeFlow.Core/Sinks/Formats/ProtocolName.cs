using System.Buffers.Text;
using ServeFlow.Flows;

namespace ServeFlow.Sinks.Formats;

/// <summary>IANA protocol numbers as Suricata's <c>proto</c> spells them: its names, else three digits.</summary>
static class ProtocolName
{
    static readonly byte[][] Names = [.. Enumerable.Range(0, 256).Select(number => Encode((byte)number))];

    public static ReadOnlySpan<byte> Get(byte protocol) => Names[protocol];

    /// <summary>Zeek's <c>proto</c> knows four words.</summary>
    public static ReadOnlySpan<byte> GetZeek(byte protocol) => protocol switch
    {
        IpProtocol.Tcp => "tcp"u8,
        IpProtocol.Udp => "udp"u8,
        IpProtocol.Icmp or IpProtocol.IcmpV6 => "icmp"u8,
        _ => "unknown_transport"u8,
    };

    public static bool HasPorts(byte protocol) => protocol is IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp;

    public static bool IsIcmp(byte protocol) => protocol is IpProtocol.Icmp or IpProtocol.IcmpV6;

    static byte[] Encode(byte number) => number switch
    {
        IpProtocol.Icmp => "ICMP"u8.ToArray(),
        2 => "IGMP"u8.ToArray(),
        IpProtocol.Tcp => "TCP"u8.ToArray(),
        8 => "EGP"u8.ToArray(),
        IpProtocol.Udp => "UDP"u8.ToArray(),
        33 => "DCCP"u8.ToArray(),
        46 => "RSVP"u8.ToArray(),
        47 => "GRE"u8.ToArray(),
        50 => "ESP"u8.ToArray(),
        51 => "AH"u8.ToArray(),
        IpProtocol.IcmpV6 => "IPv6-ICMP"u8.ToArray(),
        88 => "EIGRP"u8.ToArray(),
        103 => "PIM"u8.ToArray(),
        112 => "VRRP"u8.ToArray(),
        115 => "L2TP"u8.ToArray(),
        IpProtocol.Sctp => "SCTP"u8.ToArray(),
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
