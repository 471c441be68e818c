using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>
/// Linux netfilter's log (LINKTYPE_NFLOG): family, version and resource, then attributes, one of which is the packet.
/// Attributes are in the byte order of the host that captured.
/// </summary>
static class NflogHeader
{
    const int Length = 4;
    const int AttributeLength = 4;
    const int PacketHeader = 1;
    const int Payload = 9;
    const byte Ipv4 = 2;
    const byte Ipv6 = 10;

    /// <summary>The kernel knows about twenty; the bound keeps a crafted list from costing time.</summary>
    const int MaxAttributes = 32;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < Length + AttributeLength)
        {
            return false;
        }

        // A length is below 256 here, as the packet comes last: the order is seen from the first attribute.
        var isBig = bytes[offset + Length] == 0;
        var type = bytes[offset] switch { Ipv4 => (int)EtherType.Ipv4, Ipv6 => (int)EtherType.Ipv6, _ => 0 };
        return TryFindPayload(bytes, offset + Length, isBig, type, out carrier, out why);
    }

    /// <param name="type">EtherType by the family; 0 where the packet's own header has to name it.</param>
    static bool TryFindPayload(ReadOnlySpan<byte> bytes, int offset, bool isBig, int type, out Carrier carrier,
        out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        for (var count = 0; count < MaxAttributes && bytes.Length - offset >= AttributeLength; count++)
        {
            var length = Read16(bytes[offset..], isBig);
            var kind = Read16(bytes[(offset + 2)..], isBig) & 0x7fff;
            var value = offset + AttributeLength;
            if (kind == Payload)
            {
                return Carrier.TryCreate(value, type, out carrier, out why);
            }

            if (length < AttributeLength)
            {
                break;
            }

            type = type == 0 && kind == PacketHeader && bytes.Length - value >= 2
                ? BinaryPrimitives.ReadUInt16BigEndian(bytes[value..])
                : type;
            offset += (length + 3) & ~3;
        }

        return false;
    }

    static int Read16(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
}
