using System.Buffers.Binary;

namespace ServeFlow.Packets.Live;

/// <summary>
/// The VLAN tag that the kernel takes out of a packet and tells beside it, put back where it was. Nothing but the
/// bytes before the tag move, four bytes down into the headroom that the ring reserves.
/// </summary>
static unsafe class StrippedVlanTag
{
    public const int Length = 4;

    /// <summary>Drivers that tell no tag protocol mean 802.1Q.</summary>
    const ushort Dot1Q = 0x8100;

    /// <summary>Returns where the packet begins now.</summary>
    /// <param name="tagAt">The offset where the tag belongs; the packet has at least that many bytes.</param>
    /// <param name="told">What the kernel tells about the packet.</param>
    public static byte* Reinsert(byte* packet, int tagAt, in RingPacket told)
    {
        var start = packet - Length;
        new ReadOnlySpan<byte>(packet, tagAt).CopyTo(new(start, tagAt));
        var hasProtocol = (told.Status & PacketAbi.StatusVlanTpidValid) != 0;
        var tag = new Span<byte>(start + tagAt, Length);
        BinaryPrimitives.WriteUInt16BigEndian(tag, hasProtocol ? told.VlanProtocol : Dot1Q);
        BinaryPrimitives.WriteUInt16BigEndian(tag[2..], told.VlanTag);
        return start;
    }
}
