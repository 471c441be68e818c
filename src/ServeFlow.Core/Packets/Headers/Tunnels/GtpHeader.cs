using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>
/// GTP-U version 1 (3GPP TS 29.281) with extension headers, and version 0 (TS 09.60): a user packet of a mobile
/// network.
/// </summary>
static class GtpHeader
{
    public const ushort Port = 2152;
    public const ushort OldPort = 3386;

    const int Length = 8;
    const int OldLength = 20;
    const int OptionalLength = 4;

    /// <summary>Message type 255, G-PDU: a user's packet follows.</summary>
    const byte UserPacket = 255;

    /// <summary>Version 1, protocol type GTP.</summary>
    const byte Version1 = 0x30;
    const byte Version0 = 0x10;
    const byte VersionMask = 0xf0;
    const byte HasOptional = 0x07;
    const byte HasExtension = 0x04;

    /// <summary>TS 29.281 defines about ten kinds; real packets carry one.</summary>
    const int MaxExtensions = 8;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.NotIp;
        var gtp = bytes[Math.Min(offset, bytes.Length)..];
        if (gtp.Length <= Length || (gtp[0] & VersionMask) != Version1 || gtp[1] != UserPacket)
        {
            return false;
        }

        var length = Length;
        if ((gtp[0] & HasOptional) != 0)
        {
            length += OptionalLength;
            if (!TrySkipExtensions(gtp, ref length))
            {
                return false;
            }
        }

        return TryFollow(bytes, offset + length, out carrier);
    }

    public static bool TryReadOld(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.NotIp;
        return bytes.Length - offset > OldLength && (bytes[offset] & VersionMask) == Version0 &&
            bytes[offset + 1] == UserPacket && TryFollow(bytes, offset + OldLength, out carrier);
    }

    /// <summary>A user's packet is IP, or in fixed networks an Ethernet frame, which its EtherType shows.</summary>
    static bool TryFollow(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier)
    {
        carrier = !IpGuess.IsLikely(bytes, offset) && EthernetHeader.IsLikely(bytes, offset)
            ? Carrier.FromFrame(offset, LinkType.Ethernet)
            : new(offset, EtherType.ByIpVersion);
        return offset < bytes.Length;
    }

    /// <summary>Each extension gives its length in four bytes, and ends with the type of the next; 0 is none.</summary>
    static bool TrySkipExtensions(ReadOnlySpan<byte> gtp, ref int length)
    {
        var hasExtension = (gtp[0] & HasExtension) != 0;
        for (var count = 0; count <= MaxExtensions; count++)
        {
            if (length >= gtp.Length)
            {
                return false;
            }

            if (!hasExtension || gtp[length - 1] == 0)
            {
                return true;
            }

            if (gtp[length] == 0)
            {
                return false;
            }

            length += gtp[length] * 4;
        }

        return false;
    }
}
