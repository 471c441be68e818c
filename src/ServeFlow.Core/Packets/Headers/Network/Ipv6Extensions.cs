using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Network;

/// <summary>The chain of IPv6 extension headers (RFC 8200 section 4, RFC 4302) up to the transport header.</summary>
readonly struct Ipv6Extensions
{
    /// <summary>Real packets carry one or two; the bound keeps a crafted chain from costing time.</summary>
    const int MaxHeaders = 16;

    const byte HopByHop = 0;
    const byte Routing = 43;
    const byte Fragment = 44;
    const byte Authentication = 51;
    const byte DestinationOptions = 60;
    const int FragmentLength = 8;

    /// <summary>Protocol number of what follows the last extension header.</summary>
    public readonly byte Protocol;

    /// <summary>Offset behind the last extension header.</summary>
    public readonly int Offset;

    public readonly bool IsLaterFragment;

    Ipv6Extensions(byte protocol, int offset, bool isLaterFragment)
    {
        Protocol = protocol;
        Offset = offset;
        IsLaterFragment = isLaterFragment;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, byte next, out Ipv6Extensions extensions,
        out IgnoreReason why)
    {
        why = IgnoreReason.NetworkHeaderCut;
        for (var count = 0; count <= MaxHeaders; count++)
        {
            if (!IsExtension(next))
            {
                extensions = new(next, offset, false);
                return true;
            }

            if (!TryReadOne(bytes, next, ref offset, out var following, out var isLaterFragment))
            {
                extensions = default;
                return false;
            }

            next = following;
            if (isLaterFragment)
            {
                extensions = new(next, offset, true);
                return true;
            }
        }

        extensions = default;
        why = IgnoreReason.TooManyExtensionHeaders;
        return false;
    }

    static bool IsExtension(byte protocol) =>
        protocol is HopByHop or Routing or Fragment or Authentication or DestinationOptions;

    static bool TryReadOne(ReadOnlySpan<byte> bytes, byte kind, ref int offset, out byte next, out bool isLaterFragment)
    {
        next = 0;
        isLaterFragment = false;
        if (bytes.Length - offset < FragmentLength)
        {
            return false;
        }

        var header = bytes[offset..];
        var length = kind switch
        {
            Fragment => FragmentLength,
            Authentication => (header[1] + 2) * 4,
            _ => (header[1] + 1) * 8,
        };
        next = header[0];
        isLaterFragment = kind == Fragment && BinaryPrimitives.ReadUInt16BigEndian(header[2..]) >> 3 != 0;
        offset += length;
        return header.Length >= length;
    }
}
