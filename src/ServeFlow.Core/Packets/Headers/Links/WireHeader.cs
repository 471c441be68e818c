namespace ServeFlow.Packets.Headers.Links;

/// <summary>Passes over the headers that taps put before Ethernet frames: preambles, a cable modem's header.</summary>
static class WireHeader
{
    const byte Preamble = 0x55;
    const byte StartOfFrame = 0xd5;
    const int PreambleLength = 8;

    /// <summary>Specifies the start marks of frames that may be interrupted (IEEE 802.3 clause 99).</summary>
    const byte Start0 = 0xe6;
    const byte Start1 = 0x4c;
    const byte Start2 = 0x7f;
    const byte Start3 = 0xb3;

    const int NetAnalyzerLength = 4;

    /// <summary>Frame control, parameter, length, check sequence.</summary>
    const int DocsisLength = 6;
    const int DocsisKind = 0xc0;
    const int DocsisHasExtension = 1;

    /// <summary>Reads a preamble whose last byte says that a frame begins (LINKTYPE_ETHERNET_MPACKET).</summary>
    public static bool TryReadMpacket(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset <= PreambleLength)
        {
            return false;
        }

        why = IgnoreReason.NotIp;
        return bytes[offset + PreambleLength - 1] is StartOfFrame or Start0 or Start1 or Start2 or Start3 &&
            EthernetHeader.TryRead(bytes, offset + PreambleLength, out carrier, out why);
    }

    /// <summary>Reads netANALYZER's four bytes, and a preamble of which a part may lack.</summary>
    public static bool TryReadTransparent(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why)
    {
        var at = offset + NetAnalyzerLength;
        for (var length = 0; length < PreambleLength && at < bytes.Length && bytes[at] == Preamble; length++)
        {
            at++;
        }

        carrier = default;
        why = at < bytes.Length ? IgnoreReason.NotIp : IgnoreReason.LinkHeaderCut;
        return at < bytes.Length && bytes[at] == StartOfFrame &&
            EthernetHeader.TryRead(bytes, at + 1, out carrier, out why);
    }

    /// <summary>Reads DOCSIS's header before an Ethernet frame, extended where its first byte says so.</summary>
    public static bool TryReadDocsis(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < DocsisLength)
        {
            return false;
        }

        var extension = (bytes[offset] & DocsisHasExtension) != 0 ? bytes[offset + 1] : 0;
        why = IgnoreReason.NotIp;
        return (bytes[offset] & DocsisKind) is 0 or 0x80 &&
            EthernetHeader.TryRead(bytes, offset + DocsisLength + extension, out carrier, out why);
    }
}
