using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tags;

/// <summary>
/// An MPLS label stack (RFC 3032). Nothing in it names what follows: an IP header is recognised by its version and
/// lengths, an Ethernet frame by its EtherType, with or without a pseudowire's control word (RFC 4385) before it.
/// </summary>
static class MplsLabels
{
    const int LabelLength = 4;
    const int ControlWordLength = 4;

    /// <summary>Two or three are common, service providers stack up to about ten.</summary>
    const int MaxLabels = 16;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        for (var label = 0; label < MaxLabels; label++)
        {
            if (bytes.Length - offset <= LabelLength)
            {
                why = IgnoreReason.LinkHeaderCut;
                return false;
            }

            var isLast = (bytes[offset + 2] & 1) != 0;
            offset += LabelLength;
            if (isLast)
            {
                return TryGuess(bytes, offset, out carrier, out why);
            }
        }

        why = IgnoreReason.TooManyTags;
        return false;
    }

    static bool TryGuess(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = new(offset, EtherType.ByIpVersion);
        why = IgnoreReason.NotIp;
        var nibble = bytes[offset] >> 4;
        var hasControlWord = nibble == 0 && EthernetHeader.IsLikely(bytes, offset + ControlWordLength);
        if (!hasControlWord && EthernetHeader.IsLikely(bytes, offset) && !IpGuess.IsLikely(bytes, offset))
        {
            return EthernetHeader.TryRead(bytes, offset, out carrier, out why);
        }

        // An IP header that contradicts itself is an IP header all the same, and its reader says so.
        return nibble is 4 or 6 ||
            (nibble == 0 && EthernetHeader.TryRead(bytes, offset + ControlWordLength, out carrier, out why));
    }
}
