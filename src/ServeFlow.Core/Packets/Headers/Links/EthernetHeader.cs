using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>Ethernet II, and 802.3 with LLC (IEEE 802.3, 802.2; SNAP: RFC 1042).</summary>
static class EthernetHeader
{
    const int TypeAt = 12;
    const int TypeLength = 2;

    /// <summary>Smaller values are the length of an 802.3 frame.</summary>
    const int MinEtherType = 0x600;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryReadType(bytes, offset + TypeAt, out carrier, out why) ||
        IslHeader.TryRead(bytes, offset, ref carrier, ref why);

    /// <summary>
    /// Reads a type-or-length field, of a frame or of a tag, and the LLC header behind a length.
    /// </summary>
    public static bool TryReadType(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < TypeLength)
        {
            return false;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);
        if (type < MinEtherType)
        {
            return LlcHeader.TryRead(bytes, offset + TypeLength, out carrier, out why);
        }

        carrier = new(offset + TypeLength, (EtherType)type);
        return true;
    }

    /// <summary>
    /// Determines whether a frame seems to begin here where nothing says so: its EtherType leads to IP.
    /// </summary>
    public static bool IsLikely(ReadOnlySpan<byte> bytes, int offset) =>
        bytes.Length - offset >= TypeAt + TypeLength &&
        BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + TypeAt)..]) is >= MinEtherType and var type &&
        Enum.IsDefined((EtherType)type);
}
