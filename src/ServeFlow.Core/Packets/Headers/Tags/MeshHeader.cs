using System.Buffers.Binary;
using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tags;

/// <summary>Reads whole frames routed among switches or radios: TRILL (RFC 6325) and B.A.T.M.A.N. advanced.</summary>
static class MeshHeader
{
    const int TrillLength = 6;
    const int TrillVersion = 0xc000;
    const int TrillOptions = 0x07c0;
    const int TrillOptionsShift = 6;
    const int TrillOptionLength = 4;

    const int BatmanMinLength = 10;

    public static bool TryReadTrill(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < TrillLength)
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);
        var options = (flags & TrillOptions) >> TrillOptionsShift;
        carrier = Carrier.FromFrame(offset + TrillLength + (options * TrillOptionLength), LinkType.Ethernet);
        why = IgnoreReason.NotIp;
        return (flags & TrillVersion) == 0;
    }

    /// <summary>Reads the packets of versions 14 and 15 that carry a frame, by their type.</summary>
    public static bool TryReadBatman(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < BatmanMinLength)
        {
            return false;
        }

        var length = (bytes[offset + 1], bytes[offset]) switch
        {
            (14, 0x03) or (15, 0x40) => BatmanMinLength,
            (14, 0x04) or (15, 0x01) => 14,
            (15, 0x42) => 18,
            _ => 0,
        };
        carrier = Carrier.FromFrame(offset + length, LinkType.Ethernet);
        why = IgnoreReason.NotIp;
        return length != 0;
    }
}
