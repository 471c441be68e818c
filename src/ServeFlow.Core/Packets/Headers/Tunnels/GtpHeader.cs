using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>GTP-U version 1 (3GPP TS 29.281): a user packet of a mobile network, with extension headers.</summary>
static class GtpHeader
{
    public const ushort Port = 2152;

    const int Length = 8;
    const int OptionalLength = 4;

    /// <summary>Message type 255, G-PDU: a user's packet follows.</summary>
    const byte UserPacket = 255;

    /// <summary>Version 1, protocol type GTP.</summary>
    const byte Version1 = 0x30;
    const byte VersionMask = 0xf0;
    const byte HasOptional = 0x07;
    const byte HasExtension = 0x04;

    /// <summary>TS 29.281 defines about ten kinds; real packets carry one.</summary>
    const int MaxExtensions = 8;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier)
    {
        carrier = default;
        var gtp = bytes[offset..];
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

        carrier = new(offset + length, EtherType.ByIpVersion);
        return length < gtp.Length;
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
