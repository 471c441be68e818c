using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>PPP (RFC 1661), with or without the HDLC address and control bytes and protocol compression.</summary>
static class PppHeader
{
    const int Ipv4 = 0x0021;
    const int Bridged = 0x0031;
    const int Multilink = 0x003d;
    const int Ipv6 = 0x0057;
    const int MplsUnicast = 0x0281;
    const int MplsMulticast = 0x0283;

    /// <summary>First and last fragment at once, with a sequence number of 24 bits (RFC 1990).</summary>
    const int WholeFragment = 0xc0;
    const int MultilinkLength = 4;

    /// <summary>Flags and the kind of frame, Ethernet being 1 (RFC 3518).</summary>
    const int BridgedLength = 2;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        var ppp = bytes[Math.Min(offset, bytes.Length)..];
        var at = ppp is [0xff, 0x03, ..] ? 2 : 0;
        if (ppp.Length < at + 2)
        {
            return false;
        }

        // A protocol's first byte is even; an odd one is the second byte of a compressed number.
        var compressed = (ppp[at] & 1) != 0;
        var protocol = compressed ? ppp[at] : ppp[at] << 8 | ppp[at + 1];
        return TryFollow(bytes, offset + at + (compressed ? 1 : 2), protocol, out carrier, out why);
    }

    /// <summary>Reads a frame of a serial line, which is PPP or Cisco HDLC: their first bytes differ.</summary>
    public static bool TryReadSerial(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        offset < bytes.Length && bytes[offset] is HdlcHeader.Unicast or HdlcHeader.Multicast
            ? HdlcHeader.TryRead(bytes, offset, out carrier, out why)
            : TryRead(bytes, offset, out carrier, out why);

    /// <summary>Reads PPP as pppd writes it: the HDLC address is replaced by the direction, 0 or 1.</summary>
    public static bool TryReadDirected(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        const int Header = 4;
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < Header)
        {
            return false;
        }

        return bytes[offset + 1] == 3
            ? TryRead(bytes, offset + 2, out carrier, out why)
            : TryReadSerial(bytes, offset + 1, out carrier, out why);
    }

    /// <summary>Reads BSD/OS's header of 24 bytes, in which the protocol stands.</summary>
    public static bool TryReadBsdOs(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        const int Header = 24;
        const int ProtocolAt = 5;
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        return bytes.Length - offset > Header && TryFollow(bytes, offset + Header,
            BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + ProtocolAt)..]), out carrier, out why);
    }

    static bool TryFollow(ReadOnlySpan<byte> bytes, int offset, int protocol, out Carrier carrier, out IgnoreReason why)
    {
        why = IgnoreReason.NotIp;
        carrier = protocol switch
        {
            Ipv4 => new(offset, EtherType.Ipv4),
            Ipv6 => new(offset, EtherType.Ipv6),
            MplsUnicast => new(offset, EtherType.MplsUnicast),
            MplsMulticast => new(offset, EtherType.MplsMulticast),
            Multilink when IsWhole(bytes, offset) => new(offset + MultilinkLength, EtherType.Ppp),
            Bridged when IsEthernet(bytes, offset) => Carrier.FromFrame(offset + BridgedLength, LinkType.Ethernet),
            _ => default,
        };
        return carrier.Offset != 0;
    }

    static bool IsWhole(ReadOnlySpan<byte> bytes, int offset) =>
        bytes.Length - offset > MultilinkLength && (bytes[offset] & WholeFragment) == WholeFragment;

    static bool IsEthernet(ReadOnlySpan<byte> bytes, int offset) =>
        bytes.Length - offset > BridgedLength && bytes[offset + 1] == 1;
}
