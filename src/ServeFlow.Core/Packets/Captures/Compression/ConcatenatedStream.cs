namespace ServeFlow.Packets.Captures.Compression;

/// <summary>
/// Reads compressed streams that stand one behind the other in a file, as parallel compressors and <c>cat</c> write
/// them, with a decompressor that knows one alone. Zeros between them are padding.
/// </summary>
/// <param name="packed">The compressed bytes.</param>
/// <param name="open">Opens a decompressor that reads its stream and not a byte further.</param>
sealed class ConcatenatedStream(Stream packed, Func<Stream, Stream> open) : ReadOnlyStream(packed)
{
    /// <summary>A library that finds broken data throws away what it has put into the buffer so far.</summary>
    const int Piece = 1 << 12;

    readonly Stream packed = packed;
    Stream? current = open(packed);

    public override int Read(Span<byte> buffer)
    {
        while (current is not null)
        {
            if (current.Read(buffer[..Math.Min(buffer.Length, Piece)]) is var count and > 0)
            {
                return count;
            }

            current = OpenNext();
        }

        return 0;
    }

    Stream? OpenNext()
    {
        var next = 0;
        while (next == 0)
        {
            next = packed.ReadByte();
        }

        return next < 0 ? null : open(new PeekedStream([(byte)next], packed));
    }
}
