using System.Buffers.Binary;
using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tags;

/// <summary>
/// ERSPAN, a mirrored frame inside GRE (draft-foschiano-erspan). Type I has no header at all; type II has eight bytes,
/// type III has twelve, and eight more where its last bit says so.
/// </summary>
static class ErspanHeader
{
    const int Length2 = 8;
    const int Length3 = 12;
    const int SubheaderLength = 8;
    const int Version2 = 1;
    const int Version3 = 2;
    const int VlanMask = 0xfff;

    /// <summary>Specifies the bits of the last word of type III: the kind of frame, of which 2 is IP, and the
    /// subheader.</summary>
    const int KindShift = 10;
    const int KindMask = 0x1f;
    const int IpKind = 2;
    const int HasSubheader = 1;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < Length2)
        {
            return false;
        }

        why = IgnoreReason.NotIp;
        switch (bytes[offset] >> 4)
        {
            case Version2:
                carrier = Carrier.FromFrame(offset + Length2, LinkType.Ethernet) with { Vlan = Vlan(bytes, offset) };
                return true;
            case Version3:
                return TryRead3(bytes, offset, out carrier, out why);
            default:
                return false;
        }
    }

    static bool TryRead3(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < Length3)
        {
            return false;
        }

        var last = BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + Length3 - 2)..]);
        var end = offset + Length3 + ((last & HasSubheader) != 0 ? SubheaderLength : 0);
        carrier = (last >> KindShift & KindMask) == IpKind
            ? new(end, EtherType.ByIpVersion)
            : Carrier.FromFrame(end, LinkType.Ethernet) with { Vlan = Vlan(bytes, offset) };
        return true;
    }

    static ushort Vlan(ReadOnlySpan<byte> bytes, int offset) =>
        (ushort)(BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]) & VlanMask);
}
