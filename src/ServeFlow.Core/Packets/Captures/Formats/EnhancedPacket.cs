using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using ServeFlow.Packets.Captures.Reading;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>
/// An enhanced packet block that is whole and sound in every respect. <see cref="PcapngPacket"/> reads the others.
/// </summary>
readonly unsafe struct EnhancedPacket
{
    public const int DataAt = 28;

    /// <summary>All that is around an empty packet.</summary>
    public const int MinLength = DataAt + sizeof(uint);

    public readonly uint Interface;
    public readonly ulong Ticks;
    public readonly uint Captured;
    public readonly uint Original;
    public readonly int BlockLength;

    EnhancedPacket(uint* words, bool swap, int blockLength)
    {
        Interface = Word(words, 2, swap);
        Ticks = (ulong)Word(words, 3, swap) << 32 | Word(words, 4, swap);
        Captured = Word(words, 5, swap);
        Original = Word(words, 6, swap);
        BlockLength = blockLength;
    }

    /// <param name="available">Bytes that may be read, at least <see cref="MinLength"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(byte* block, int available, bool bigEndian, out EnhancedPacket packet)
    {
        packet = default;
        var words = (uint*)block;
        var swap = bigEndian == BitConverter.IsLittleEndian;
        var length = Word(words, 1, swap);
        if (Word(words, 0, swap) != PcapngBlock.EnhancedPacket || length < MinLength || length > available ||
            length > PcapngBlock.MaxHeldLength || length % 4 != 0 ||
            Word((uint*)(block + length - sizeof(uint)), 0, swap) != length)
        {
            return false;
        }

        packet = new(words, swap, (int)length);
        return packet.Captured <= CaptureLimits.MaxCapturedLength && packet.Captured <= length - MinLength;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Word(uint* words, int number, bool swap) =>
        swap ? BinaryPrimitives.ReverseEndianness(words[number]) : words[number];
}
