using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Network;

/// <summary>
/// The chain of IPv6 extension headers (RFC 8200 section 4, RFC 4302, RFC 5533) up to the transport header.
/// </summary>
readonly struct Ipv6Extensions
{
    /// <summary>Real packets carry one or two; the bound keeps a crafted chain from costing time.</summary>
    const int MaxHeaders = 16;

    const byte HopByHop = 0;
    const byte Routing = 43;
    const byte Fragment = 44;
    const byte Authentication = 51;
    const byte DestinationOptions = 60;
    const byte Shim6 = 140;
    const int FragmentLength = 8;

    /// <summary>Specifies the flag of a Shim6 header before a payload, in its third byte; control messages have
    /// none.</summary>
    const int HasPayload = 0x80;

    const int MoreFragments = 1;

    /// <summary>Protocol number of what follows the last extension header.</summary>
    public readonly byte Protocol;

    /// <summary>Holds the offset behind the last extension header.</summary>
    public readonly int Offset;

    public readonly FragmentKind FragmentKind;

    Ipv6Extensions(byte protocol, int offset, FragmentKind fragmentKind)
    {
        Protocol = protocol;
        Offset = offset;
        FragmentKind = fragmentKind;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, byte next, out Ipv6Extensions extensions,
        out IgnoreReason why)
    {
        why = IgnoreReason.NetworkHeaderCut;
        var fragment = FragmentKind.None;
        for (var count = 0; count <= MaxHeaders; count++)
        {
            if (!IsExtension(next) && !IsShim(bytes, offset, next))
            {
                extensions = new(next, offset, fragment);
                return true;
            }

            if (!TryReadOne(bytes, next, ref offset, out var following, ref fragment))
            {
                extensions = default;
                return false;
            }

            next = following;
            if (fragment == FragmentKind.Later)
            {
                extensions = new(next, offset, fragment);
                return true;
            }
        }

        extensions = default;
        why = IgnoreReason.TooManyExtensionHeaders;
        return false;
    }

    static bool IsExtension(byte protocol) =>
        protocol is HopByHop or Routing or Fragment or Authentication or DestinationOptions;

    static bool IsShim(ReadOnlySpan<byte> bytes, int offset, byte protocol) =>
        protocol == Shim6 && bytes.Length - offset >= FragmentLength && (bytes[offset + 2] & HasPayload) != 0;

    static bool TryReadOne(ReadOnlySpan<byte> bytes, byte kind, ref int offset, out byte next,
        ref FragmentKind fragment)
    {
        next = 0;
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
        fragment = kind == Fragment ? KindOf(BinaryPrimitives.ReadUInt16BigEndian(header[2..])) : fragment;
        offset += length;
        return header.Length >= length;
    }

    static FragmentKind KindOf(int field) => field >> 3 != 0 ? FragmentKind.Later
        : (field & MoreFragments) != 0 ? FragmentKind.First : FragmentKind.None;
}
