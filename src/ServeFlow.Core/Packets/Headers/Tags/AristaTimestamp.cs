using System.Buffers.Binary;
using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tags;

/// <summary>Arista's capture time behind its EtherType: a kind, a version, then 64 or 48 bits of time.</summary>
static class AristaTimestamp
{
    const int Length = 4;
    const int Kind = 1;

    /// <summary>Specifies the bits of the version: 0x10 and 0x20 are the lengths, 0x100 says UTC instead of
    /// TAI.</summary>
    const int LengthMask = 0xf0;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < Length)
        {
            return false;
        }

        var kind = BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);
        var time = (BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + 2)..]) & LengthMask) switch
        {
            0x10 => 8,
            0x20 => 6,
            _ => 0,
        };
        why = IgnoreReason.NotIp;
        return kind == Kind && time != 0 &&
            EthernetHeader.TryReadType(bytes, offset + Length + time, out carrier, out why);
    }
}
