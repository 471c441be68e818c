using System.Buffers.Binary;
using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>GENEVE (RFC 8926): version, length of the options in four bytes, EtherType, network identifier.</summary>
static class GeneveHeader
{
    public const ushort Port = 6081;

    const int Length = 8;
    const int Version = 0xc0;
    const int OptionsMask = 0x3f;
    const int Reserved = 0x3f;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.NotIp;
        if (bytes.Length - offset <= Length || (bytes[offset] & Version) != 0 || (bytes[offset + 1] & Reserved) != 0)
        {
            return false;
        }

        var options = (bytes[offset] & OptionsMask) * 4;
        return Carrier.TryCreate(offset + Length + options,
            BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + 2)..]), out carrier, out why);
    }
}
