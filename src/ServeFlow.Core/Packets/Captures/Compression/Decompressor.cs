using K4os.Compression.LZ4.Streams;
using SharpCompress.Compressors;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Xz;
using ZstdSharp;

namespace ServeFlow.Packets.Captures.Compression;

/// <summary>Tells compressions apart by their first bytes, and opens what takes them off.</summary>
static class Decompressor
{
    /// <summary>Specifies the number of bytes that tell all of them apart.</summary>
    public const int MagicLength = 4;

    /// <summary>Opens a decompressor; null where the bytes are not compressed in a way that is read.</summary>
    /// <param name="start">The first bytes, up to <see cref="MagicLength"/>.</param>
    /// <param name="packed">All bytes, the first ones included.</param>
    public static Stream? TryOpen(ReadOnlySpan<byte> start, Stream packed) => start switch
    {
        [0x1f, 0x8b, ..] => new WholeGzipStream(packed),

        // A frame, or a skippable one, with which parallel compressors begin (RFC 8878).
        [0x28, 0xb5, 0x2f, 0xfd] or [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18] =>
            new DecompressionStream(packed, leaveOpen: false),
        [0xfd, 0x37, 0x7a, 0x58] => new ConcatenatedStream(packed, part => new XZStream(part)),
        [0x42, 0x5a, 0x68, >= 0x31 and <= 0x39] =>
            BZip2Stream.Create(packed, CompressionMode.Decompress, true, false, false),
        [0x04, 0x22, 0x4d, 0x18] => new ConcatenatedStream(packed, part => LZ4Stream.Decode(part, leaveOpen: true)),
        [0x02, 0x21, 0x4c, 0x18] => new Lz4LegacyStream(packed),
        _ => null,
    };
}
