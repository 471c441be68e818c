using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>
/// Juniper's header: a magic number, flags, and extensions with their length. What follows is a frame of a kind that
/// the link type gives, or behind a cookie that the interface card wrote, whose length has to be guessed.
/// </summary>
static class JuniperHeader
{
    const int Length = 4;
    const int Magic = 0x4d4743;
    const int WithoutLinkHeader = 0x02;
    const int HasExtensions = 0x80;
    const int ExtensionsLength = 2;

    /// <summary>A protocol number stands in the place of a link header.</summary>
    const int ProtocolLength = 4;

    const int SnapAccessPoint = 0xaaaa03;
    const int IsoAccessPoint = 0xfefe03;
    const byte Unnumbered = 0x03;

    public static bool TryReadEthernet(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => TryRead(bytes, offset, LinkType.Ethernet, out carrier, out why);

    public static bool TryReadPpp(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryRead(bytes, offset, LinkType.Ppp, out carrier, out why);

    public static bool TryReadFrameRelay(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => TryRead(bytes, offset, LinkType.FrameRelay, out carrier, out why);

    public static bool TryReadCiscoHdlc(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => TryRead(bytes, offset, LinkType.CiscoHdlc, out carrier, out why);

    /// <summary>An EtherType follows.</summary>
    public static bool TryReadType(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        return TrySkip(bytes, ref offset, out _, out why) &&
            FixedHeader.TryReadType(bytes, offset, 2, 0, out carrier, out why);
    }

    /// <summary>A cookie of up to eight bytes follows, then IP, LLC or PPP.</summary>
    public static bool TryReadBehindCookie(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why)
    {
        carrier = default;
        if (!TrySkip(bytes, ref offset, out var hasLink, out why))
        {
            return false;
        }

        ReadOnlySpan<byte> cookies = hasLink ? [0, 2, 4, 8, 6, 16] : [ProtocolLength];
        foreach (var cookie in cookies)
        {
            if (TryGuess(bytes, offset + cookie, out carrier))
            {
                return true;
            }
        }

        why = IgnoreReason.NotIp;
        return false;
    }

    static bool TryRead(ReadOnlySpan<byte> bytes, int offset, LinkType frame, out Carrier carrier,
        out IgnoreReason why)
    {
        if (!TrySkip(bytes, ref offset, out var hasLink, out why))
        {
            carrier = default;
            return false;
        }

        carrier = hasLink ? Carrier.FromFrame(offset, frame) : new(offset + ProtocolLength, EtherType.ByIpVersion);
        return true;
    }

    static bool TrySkip(ReadOnlySpan<byte> bytes, ref int offset, out bool hasLink, out IgnoreReason why)
    {
        hasLink = true;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < Length + ExtensionsLength)
        {
            return false;
        }

        var header = bytes[offset..];
        hasLink = (header[3] & WithoutLinkHeader) == 0;
        offset += (header[3] & HasExtensions) != 0
            ? Length + ExtensionsLength + BinaryPrimitives.ReadUInt16BigEndian(header[Length..])
            : Length;
        why = IgnoreReason.NotIp;
        return (header[0] << 16 | header[1] << 8 | header[2]) == Magic;
    }

    static bool TryGuess(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier)
    {
        carrier = new(offset, EtherType.ByIpVersion);
        if (IpGuess.IsLikely(bytes, offset))
        {
            return true;
        }

        if (bytes.Length - offset < 4)
        {
            return false;
        }

        var first = bytes[offset] << 16 | bytes[offset + 1] << 8 | bytes[offset + 2];
        return first switch
        {
            SnapAccessPoint or IsoAccessPoint => LlcHeader.TryRead(bytes, offset, out carrier, out _),
            _ when first >> 16 == Unnumbered => LlcHeader.TryReadNumber(bytes, offset + 1, out carrier, out _),
            _ when first >> 8 is 0x0021 or 0x0057 or 0xff03 => PppHeader.TryRead(bytes, offset, out carrier, out _),
            _ => false,
        };
    }
}
