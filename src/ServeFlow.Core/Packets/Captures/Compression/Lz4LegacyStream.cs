using System.Buffers.Binary;
using K4os.Compression.LZ4;

namespace ServeFlow.Packets.Captures.Compression;

/// <summary>
/// Reads the legacy frames of lz4 (<c>lz4 -l</c>, and what old tools and kernels wrote): blocks of up to 8 MiB, each
/// behind its length, to the end of the file. Frames may stand one behind the other.
/// </summary>
sealed class Lz4LegacyStream(Stream packed) : ReadOnlyStream(packed)
{
    /// <summary>Begins a frame, read as a little-endian number.</summary>
    const uint Magic = 0x184c_2102;

    const int BlockBytes = 8 << 20;

    /// <summary>Gets the size of a block that cannot be compressed, in bytes (LZ4_compressBound).</summary>
    const int MaxPackedBytes = BlockBytes + (BlockBytes / 255) + 16;

    readonly Stream packed = packed;
    readonly byte[] block = new byte[MaxPackedBytes];
    readonly byte[] unpacked = new byte[BlockBytes];
    int position;
    int length;

    public override int Read(Span<byte> buffer)
    {
        while (position == length)
        {
            if (!TryReadBlock())
            {
                return 0;
            }
        }

        var count = Math.Min(buffer.Length, length - position);
        unpacked.AsSpan(position, count).CopyTo(buffer);
        position += count;
        return count;
    }

    bool TryReadBlock()
    {
        Span<byte> head = stackalloc byte[sizeof(uint)];
        var size = Magic;
        while (size == Magic)
        {
            if (packed.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) is var count && count < head.Length)
            {
                return count == 0 ? false : throw new InvalidDataException("lz4 data ends early");
            }

            size = BinaryPrimitives.ReadUInt32LittleEndian(head);
        }

        if (size > MaxPackedBytes)
        {
            throw new InvalidDataException($"lz4 block of {size} bytes");
        }

        packed.ReadExactly(block, 0, (int)size);
        (position, length) = (0, LZ4Codec.Decode(block.AsSpan(0, (int)size), unpacked));
        return length >= 0 ? true : throw new InvalidDataException("lz4 block is broken");
    }
}
