namespace ServeFlow.Packets.Headers.Links;

/// <summary>Endace's record header of 16 bytes, and the extension headers of eight that may follow it.</summary>
static class ErfHeader
{
    const int Length = 16;
    const int TypeAt = 8;
    const int HasExtension = 0x80;
    const int ExtensionLength = 8;
    const int MaxExtensions = 8;

    /// <summary>An offset and a padding byte before an Ethernet frame.</summary>
    const int EthernetPadding = 2;

    /// <summary>The channel's header before a frame of a line with many.</summary>
    const int ChannelLength = 4;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < Length)
        {
            return false;
        }

        var type = bytes[offset + TypeAt];
        var more = (type & HasExtension) != 0;
        offset += Length;
        for (var count = 0; more; count++)
        {
            if (count == MaxExtensions || bytes.Length - offset < ExtensionLength)
            {
                return false;
            }

            more = (bytes[offset] & HasExtension) != 0;
            offset += ExtensionLength;
        }

        return TryCreate(offset, type & ~HasExtension, out carrier, out why);
    }

    static bool TryCreate(int offset, int type, out Carrier carrier, out IgnoreReason why)
    {
        why = IgnoreReason.NotIp;
        carrier = type switch
        {
            1 or 10 or 15 or 19 => Carrier.FromFrame(offset, LinkType.PppSerial),
            2 or 11 or 16 or 20 => Carrier.FromFrame(offset + EthernetPadding, LinkType.Ethernet),
            5 or 17 => Carrier.FromFrame(offset + ChannelLength, LinkType.PppSerial),
            4 => Carrier.FromFrame(offset + ChannelLength, LinkType.AtmRfc1483),
            22 => new(offset, EtherType.Ipv4),
            23 => new(offset, EtherType.Ipv6),
            _ => default,
        };
        return carrier.Offset != 0;
    }
}
