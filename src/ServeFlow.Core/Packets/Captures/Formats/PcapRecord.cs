using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Represents a pcap record header as written.</summary>
readonly record struct PcapRecord(uint Seconds, uint Fraction, uint Captured, uint Original)
{
    /// <summary>Reads the first 16 bytes of <paramref name="bytes"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PcapRecord Read(ReadOnlySpan<byte> bytes, bool bigEndian) => new(ByteOrder.Read32(bytes, bigEndian),
        ByteOrder.Read32(bytes[4..], bigEndian), ByteOrder.Read32(bytes[8..], bigEndian),
        ByteOrder.Read32(bytes[12..], bigEndian));

    /// <inheritdoc cref="Read(ReadOnlySpan{byte}, bool)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe PcapRecord Read(byte* bytes, bool bigEndian)
    {
        var words = (uint*)bytes;
        return bigEndian == BitConverter.IsLittleEndian
            ? new(BinaryPrimitives.ReverseEndianness(words[0]), BinaryPrimitives.ReverseEndianness(words[1]),
                BinaryPrimitives.ReverseEndianness(words[2]), BinaryPrimitives.ReverseEndianness(words[3]))
            : new(words[0], words[1], words[2], words[3]);
    }

    public long TimestampNs(bool nanoseconds) =>
        (Seconds * 1_000_000_000L) + (nanoseconds ? Fraction : Fraction * 1000L);

    /// <summary>Returns the record with its lengths in today's order.</summary>
    public PcapRecord Ordered(PcapLengths lengths) =>
        lengths == PcapLengths.OriginalFirst || (lengths == PcapLengths.SmallerIsCaptured && Captured > Original)
            ? this with { Captured = Original, Original = Captured }
            : this;
}
