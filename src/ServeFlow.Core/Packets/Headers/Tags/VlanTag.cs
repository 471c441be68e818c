using System.Buffers.Binary;
using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tags;

/// <summary>Reads a VLAN tag (IEEE 802.1Q) behind its EtherType: priority and id, then the next type or
/// length.</summary>
static class VlanTag
{
    const int Length = 4;
    const int IdMask = 0xfff;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < Length)
        {
            return false;
        }

        var id = BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]) & IdMask;
        var isRead = EthernetHeader.TryReadType(bytes, offset + 2, out carrier, out why);
        carrier = carrier with { Vlan = (ushort)id };
        return isRead;
    }
}
