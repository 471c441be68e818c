using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>
/// 802.2 logical link control: SNAP with an EtherType or a bridged frame (RFC 2684), IP's own service access point, or
/// ISO's with a network layer number.
/// </summary>
static class LlcHeader
{
    const int Length = 3;
    const int SnapLength = 5;

    /// <summary>06-06-03: an IPv4 packet follows (RFC 948).</summary>
    const int IpAccessPoint = 0x060603;
    const int SnapAccessPoint = 0xaaaa03;
    const int IsoAccessPoint = 0xfefe03;

    /// <summary>An EtherType follows; the second is IEEE 802.1H's, for bridges.</summary>
    const int EtherTypes = 0x000000;
    const int BridgeTunnel = 0x0000f8;

    /// <summary>IEEE 802.1's own: a number that says which kind of frame follows.</summary>
    const int BridgedFrame = 0x0080c2;

    /// <summary>Before a bridged frame (RFC 2684).</summary>
    const int BridgedPadding = 2;

    const byte NumberOfIpv4 = 0xcc;
    const byte NumberOfIpv6 = 0x8e;

    /// <summary>PPP over Frame Relay (RFC 1973) and ATM (RFC 2364).</summary>
    const byte NumberOfPpp = 0xcf;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < Length)
        {
            return false;
        }

        switch (bytes[offset] << 16 | bytes[offset + 1] << 8 | bytes[offset + 2])
        {
            case IpAccessPoint:
                carrier = new(offset + Length, EtherType.Ipv4);
                return true;
            case SnapAccessPoint:
                return TryReadSnap(bytes, offset + Length, out carrier, out why);
            case IsoAccessPoint:
                return TryReadNumber(bytes, offset + Length, out carrier, out why);
            default:
                why = IgnoreReason.NotIp;
                return false;
        }
    }

    /// <summary>Reads SNAP: an organisation, and its number for what follows.</summary>
    public static bool TryReadSnap(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryReadSnap(bytes, offset, BridgedPadding, out carrier, out why);

    /// <param name="padding">The bytes between the number and a bridged frame.</param>
    public static bool TryReadSnap(ReadOnlySpan<byte> bytes, int offset, int padding, out Carrier carrier,
        out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < SnapLength)
        {
            return false;
        }

        var organisation = bytes[offset] << 16 | bytes[offset + 1] << 8 | bytes[offset + 2];
        var type = BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + 3)..]);
        if (organisation is EtherTypes or BridgeTunnel)
        {
            return Carrier.TryCreate(offset + SnapLength, type, out carrier, out why);
        }

        // 1 and 7 are Ethernet with and without its check sequence.
        why = IgnoreReason.NotIp;
        carrier = Carrier.FromFrame(offset + SnapLength + padding, LinkType.Ethernet);
        return organisation == BridgedFrame && type is 1 or 7;
    }

    /// <summary>Reads a network layer protocol number (ISO TR 9577).</summary>
    public static bool TryReadNumber(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < 1)
        {
            return false;
        }

        var number = bytes[offset];
        why = IgnoreReason.NotIp;
        carrier = new(offset + 1, number switch
        {
            NumberOfIpv4 => EtherType.Ipv4,
            NumberOfPpp => EtherType.Ppp,
            _ => EtherType.Ipv6,
        });
        return number is NumberOfIpv4 or NumberOfIpv6 or NumberOfPpp;
    }
}
