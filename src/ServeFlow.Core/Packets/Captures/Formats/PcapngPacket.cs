using ServeFlow.Packets.Captures.Reading;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Represents the fields of a pcapng packet block of any of the three kinds.</summary>
/// <param name="Ticks">Time in the interface's units; null where the block has none.</param>
/// <param name="DataAt">Offset of the packet inside the block.</param>
readonly record struct PcapngPacket(int Interface, ulong? Ticks, uint Captured, uint Original, int DataAt)
{
    const int EnhancedDataAt = 28;
    const int SimpleDataAt = 12;
    const int TrailerLength = 4;

    /// <summary>Determines whether the packet lies inside its block and below the snap length cap.</summary>
    public bool FitsInto(int blockLength) =>
        Captured <= CaptureLimits.MaxCapturedLength && Captured <= blockLength - DataAt - TrailerLength;

    /// <summary>Enhanced packet blocks, and the obsolete packet block with its 16-bit interface.</summary>
    public static bool TryReadEnhanced(ReadOnlySpan<byte> block, bool bigEndian, bool isOld, out PcapngPacket packet)
    {
        packet = default;
        if (block.Length < EnhancedDataAt + TrailerLength)
        {
            return false;
        }

        var id = isOld ? ByteOrder.Read16(block[8..], bigEndian) : ByteOrder.Read32(block[8..], bigEndian);
        var ticks = (ulong)ByteOrder.Read32(block[12..], bigEndian) << 32 | ByteOrder.Read32(block[16..], bigEndian);
        packet = new((int)Math.Min(id, int.MaxValue), ticks, ByteOrder.Read32(block[20..], bigEndian),
            ByteOrder.Read32(block[24..], bigEndian), EnhancedDataAt);
        return packet.FitsInto(block.Length);
    }

    /// <summary>A simple packet block: of interface 0, without a time, cut at that interface's snap length.</summary>
    public static bool TryReadSimple(ReadOnlySpan<byte> block, bool bigEndian, uint snapLength, out PcapngPacket packet)
    {
        packet = default;
        if (block.Length < SimpleDataAt + TrailerLength)
        {
            return false;
        }

        var original = ByteOrder.Read32(block[8..], bigEndian);
        var captured = Math.Min(original, snapLength == 0 ? uint.MaxValue : snapLength);
        packet = new(0, null, captured, original, SimpleDataAt);
        return packet.FitsInto(block.Length);
    }
}
