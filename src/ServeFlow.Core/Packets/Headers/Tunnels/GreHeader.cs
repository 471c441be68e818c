using System.Buffers.Binary;
using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>GRE (RFC 2784, RFC 2890), and its PPTP form (RFC 2637).</summary>
static class GreHeader
{
    public const byte Protocol = 47;
    const int MinLength = 4;
    const int FieldLength = 4;
    const int ChecksumOrRouting = 0xc000;
    const int Key = 0x2000;
    const int Sequence = 0x1000;
    const int PptpAcknowledgement = 0x0080;
    const int Version = 0x0007;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier)
    {
        carrier = default;
        if (bytes.Length - offset < MinLength)
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);
        var type = (EtherType)BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + 2)..]);
        carrier = new(offset + Length(flags), type);
        // Keep-alives carry type 0; ERSPAN and the like fail later, as no IP.
        return (flags & Version) <= 1 && type != EtherType.ByIpVersion && carrier.Offset < bytes.Length;
    }

    static int Length(int flags)
    {
        var fields = ((flags & ChecksumOrRouting) != 0 ? 1 : 0) + ((flags & Key) != 0 ? 1 : 0) +
                     ((flags & Sequence) != 0 ? 1 : 0);
        var hasAcknowledgement = (flags & Version) == 1 && (flags & PptpAcknowledgement) != 0;
        return MinLength + (FieldLength * (fields + (hasAcknowledgement ? 1 : 0)));
    }
}
