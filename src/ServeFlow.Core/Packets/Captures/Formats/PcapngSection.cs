using System.Buffers.Binary;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Reads a pcapng section header block: its byte order. Format: draft-ietf-opsawg-pcapng.</summary>
static class PcapngSection
{
    /// <summary>Reads the same in both orders.</summary>
    public const uint BlockType = 0x0a0d0d0a;

    /// <summary>Type, length, byte order, version, section length, length again.</summary>
    public const int MinLength = 28;

    const uint ByteOrderMagic = 0x1a2b3c4d;

    /// <summary>Determines whether libpcap reads sections of this version: 1.0, and 1.2, which is the same.</summary>
    /// <param name="block">At least the first 16 bytes of a section header block.</param>
    public static bool IsSupported(ReadOnlySpan<byte> block, bool bigEndian) =>
        ReadVersion(block, bigEndian) is (1, 0) or (1, 2);

    public static (int Major, int Minor) ReadVersion(ReadOnlySpan<byte> block, bool bigEndian) =>
        (ByteOrder.Read16(block[12..], bigEndian), ByteOrder.Read16(block[14..], bigEndian));

    public static bool IsMagic(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == BlockType;

    public static bool TryReadOrder(ReadOnlySpan<byte> block, out bool bigEndian)
    {
        bigEndian = BinaryPrimitives.ReadUInt32BigEndian(block[8..]) == ByteOrderMagic;
        return bigEndian || BinaryPrimitives.ReadUInt32LittleEndian(block[8..]) == ByteOrderMagic;
    }
}
