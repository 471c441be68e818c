namespace ServeFlow.Packets.Headers.Links;

/// <summary>PPP (RFC 1661), with or without the HDLC address and control bytes and protocol compression.</summary>
static class PppHeader
{
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
        var type = EtherTypeOf(protocol);
        why = IgnoreReason.NotIp;
        carrier = new(offset + at + (compressed ? 1 : 2), type);
        return type != EtherType.ByIpVersion;
    }

    static EtherType EtherTypeOf(int protocol) => protocol switch
    {
        0x0021 => EtherType.Ipv4,
        0x0057 => EtherType.Ipv6,
        0x0281 => EtherType.MplsUnicast,
        0x0283 => EtherType.MplsMulticast,
        _ => EtherType.ByIpVersion,
    };
}
