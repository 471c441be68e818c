using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tags;

/// <summary>
/// An MPLS label stack (RFC 3032). Nothing in it names what follows: the first four bits are guessed to be an IP
/// version, and 0 to be a pseudowire's control word before an Ethernet frame (RFC 4385).
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
        return nibble is 4 or 6 ||
               (nibble == 0 && EthernetHeader.TryRead(bytes, offset + ControlWordLength, out carrier, out why));
    }
}
