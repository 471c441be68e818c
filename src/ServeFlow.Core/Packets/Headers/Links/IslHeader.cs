using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>
/// Cisco ISL: 26 bytes around a whole Ethernet frame. It begins like an 802.3 frame to one of two addresses.
/// </summary>
static class IslHeader
{
    const int Length = 26;
    const int VlanAt = 20;

    /// <summary>01-00-0C-00-00 or 03-00-0C-00-00, in the upper 40 bits of what is read.</summary>
    const ulong Address = 0x0100_0c00_00;
    const ulong AddressMask = 0xfdff_ffff_ff;

    /// <summary>Leaves <paramref name="carrier"/> and <paramref name="why"/> as they are where it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, ref Carrier carrier, ref IgnoreReason why)
    {
        if (bytes.Length - offset <= Length ||
            (BinaryPrimitives.ReadUInt64BigEndian(bytes[offset..]) >> 24 & AddressMask) != Address)
        {
            return false;
        }

        var vlan = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + VlanAt)..]) >> 1 & 0xfff);
        carrier = Carrier.FromFrame(offset + Length, LinkType.Ethernet) with { Vlan = vlan };
        return true;
    }
}
