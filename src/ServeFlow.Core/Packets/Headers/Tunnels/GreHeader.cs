using System.Buffers.Binary;
using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>
/// GRE (RFC 1701, 2784, 2890), its PPTP form (RFC 2637), and what makers put into it: ERSPAN, Aruba's 802.11 frames,
/// MikroTik's Ethernet, WCCP's redirected packets.
/// </summary>
static class GreHeader
{
    public const byte Protocol = 47;

    /// <summary>UDP port of GRE (RFC 8086).</summary>
    public const ushort Port = 4754;

    const int MinLength = 4;
    const int FieldLength = 4;
    const int Checksum = 0x8000;
    const int HasRouting = 0x4000;
    const int Key = 0x2000;
    const int Sequence = 0x1000;
    const int PptpAcknowledgement = 0x0080;
    const int Version = 0x0007;

    /// <summary>Hops of source routing; the bound keeps a crafted list from costing time.</summary>
    const int MaxHops = 8;

    const int ErspanType = 0x88be;
    const int WccpType = 0x883e;
    const int WccpLength = 4;
    const int MikrotikType = 0x6400;
    const int MinArubaType = 0x8200;
    const int MaxArubaType = 0x83f0;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < MinLength)
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);
        var type = BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + 2)..]);
        var end = offset + Length(flags);
        if ((flags & HasRouting) != 0 && !TrySkipRouting(bytes, ref end))
        {
            return false;
        }

        // Keep-alives carry type 0.
        why = IgnoreReason.NotIp;
        return (flags & Version) <= 1 && end < bytes.Length && TryFollow(bytes, end, flags, type, out carrier, out why);
    }

    static bool TryFollow(ReadOnlySpan<byte> bytes, int offset, int flags, int type, out Carrier carrier,
        out IgnoreReason why)
    {
        why = IgnoreReason.NotIp;
        switch (type)
        {
            case ErspanType when (flags & Sequence) == 0:
            case MikrotikType:
                carrier = Carrier.FromFrame(offset, LinkType.Ethernet);
                return true;
            case >= MinArubaType and <= MaxArubaType when (type & 0xf) == 0:
                return WifiHeader.TryReadEitherOrder(bytes, offset, out carrier, out why);
            case WccpType:
                carrier = new(offset + (IpGuess.IsLikely(bytes, offset) ? 0 : WccpLength), EtherType.ByIpVersion);
                return true;
            default:
                return Carrier.TryCreate(offset, type, out carrier, out why);
        }
    }

    static int Length(int flags)
    {
        var fields = ((flags & (Checksum | HasRouting)) != 0 ? 1 : 0) + ((flags & Key) != 0 ? 1 : 0) +
                     ((flags & Sequence) != 0 ? 1 : 0);
        var hasAcknowledgement = (flags & Version) == 1 && (flags & PptpAcknowledgement) != 0;
        return MinLength + (FieldLength * (fields + (hasAcknowledgement ? 1 : 0)));
    }

    /// <summary>Each entry is a family, an offset and its own length in bytes; length 0 ends the list.</summary>
    static bool TrySkipRouting(ReadOnlySpan<byte> bytes, ref int offset)
    {
        const int LengthAt = 3;
        for (var hop = 0; hop <= MaxHops && bytes.Length - offset > LengthAt; hop++)
        {
            var length = bytes[offset + LengthAt];
            offset += FieldLength + length;
            if (length == 0)
            {
                return true;
            }
        }

        return false;
    }
}
