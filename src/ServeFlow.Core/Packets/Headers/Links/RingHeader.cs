namespace ServeFlow.Packets.Headers.Links;

/// <summary>Rings of the 1980s and 1990s, with LLC inside: FDDI (ANSI X3.139) and Token Ring (IEEE 802.5).</summary>
static class RingHeader
{
    /// <summary>Frame control and two addresses.</summary>
    const int FddiLength = 13;

    /// <summary>Frames with LLC, synchronous or not; the others are the ring's own.</summary>
    const int FddiKind = 0x70;
    const int FddiLlc = 0x50;

    /// <summary>Access control, frame control, two addresses.</summary>
    const int TokenRingLength = 14;
    const int TokenRingKind = 0xc0;
    const int TokenRingLlc = 0x40;

    /// <summary>
    /// The first bit of the source's address says that routing information follows, whose first byte has its length.
    /// </summary>
    const int SourceAt = 8;
    const int HasRouting = 0x80;
    const int RoutingLength = 0x1f;

    public static bool TryReadFddi(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < FddiLength)
        {
            return false;
        }

        why = IgnoreReason.NotIp;
        return (bytes[offset] & FddiKind) == FddiLlc &&
            LlcHeader.TryRead(bytes, offset + FddiLength, out carrier, out why);
    }

    public static bool TryReadTokenRing(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset <= TokenRingLength)
        {
            return false;
        }

        var end = offset + TokenRingLength;
        var routing = (bytes[offset + SourceAt] & HasRouting) != 0 ? bytes[end] & RoutingLength : 0;
        why = IgnoreReason.NotIp;
        return (bytes[offset + 1] & TokenRingKind) == TokenRingLlc &&
            LlcHeader.TryRead(bytes, end + routing, out carrier, out why);
    }
}
