using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ServeFlow.Features;

/// <summary>
/// The headers of one packet as features read them: each header at its fixed place, unused bytes zero.
/// 192 bytes, three cache lines; this is what a data set stores, and what an undecided flow keeps per packet where its
/// tiers have to see headers.
/// Fields lie in the order below without gaps (tested): columns are read by byte offset.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct HeaderRecord
{
    public const int Ipv4Offset = 0;
    public const int Ipv6Offset = 60;
    public const int TcpOffset = 100;
    public const int UdpOffset = 160;
    public const int IcmpOffset = 168;
    public const int BitsLength = 176;

    /// <summary>Locates the five lengths in the record's bytes, in the order of the headers.</summary>
    internal const int LengthsOffset = BitsLength;

    /// <summary>Locates <see cref="Direction"/> in the record's bytes.</summary>
    internal const int DirectionOffset = LengthsOffset + 5;

    /// <summary>Specifies the number of bytes of a whole record.</summary>
    public const int RecordLength = 192;

    /// <summary>Header bytes: IPv4 60, IPv6 40, TCP 60, UDP 8, ICMP 8, in nPrint's printing order.</summary>
    public HeaderBytes Bits;

    /// <summary>Captured length of each header in <see cref="Bits"/>; 0 where absent.</summary>
    public byte Ipv4Length;

    /// <inheritdoc cref="Ipv4Length"/>
    public byte Ipv6Length;

    /// <inheritdoc cref="Ipv4Length"/>
    public byte TcpLength;

    /// <inheritdoc cref="Ipv4Length"/>
    public byte UdpLength;

    /// <inheritdoc cref="Ipv4Length"/>
    public byte IcmpLength;

    /// <summary>0 forward, 1 backward.</summary>
    public byte Direction;

    /// <summary>Holds the length of the IP packet by its own header, bytes.</summary>
    public ushort Size;

    /// <summary>Holds the time since the flow's previous packet, µs, saturating; 0 on the first.</summary>
    public uint InterArrivalMicroseconds;

    /// <summary>Holds the time since the flow's first packet, µs, saturating; not a feature: evaluation reads
    /// it.</summary>
    public uint SinceFirstMicroseconds;

    /// <summary>Exchanges the directions of a flow's packets, whose forward side has become the backward one.</summary>
    public static void Turn(Span<HeaderRecord> packets)
    {
        foreach (ref var packet in packets)
        {
            packet.Direction ^= 1;
        }
    }

    [InlineArray(BitsLength)]
    public struct HeaderBytes
    {
        byte first;
    }
}
