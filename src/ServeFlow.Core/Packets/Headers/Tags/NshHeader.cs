using System.Buffers.Binary;
using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tags;

/// <summary>Network service header (RFC 8300): its length in four bytes, and the number of what follows.</summary>
static class NshHeader
{
    const int MinLength = 8;
    const int Version = 0xc000;
    const int LengthMask = 0x3f;
    const int NextAt = 3;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < MinLength)
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);
        var length = (flags & LengthMask) * 4;
        why = IgnoreReason.NotIp;
        return (flags & Version) == 0 && length >= MinLength &&
            NextProtocol.TryRead(bytes[offset + NextAt], offset + length, out carrier);
    }
}
