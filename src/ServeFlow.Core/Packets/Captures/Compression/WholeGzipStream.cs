using System.IO.Compression;

namespace ServeFlow.Packets.Captures.Compression;

/// <summary>
/// gzip that notices an early end, which <see cref="GZipStream"/> takes for the end: the last four bytes of a whole
/// file are the length of its last member (RFC 1952), so they exceed all that came out only where the end is missing.
/// </summary>
public sealed class WholeGzipStream : ReadOnlyStream
{
    /// <summary>
    /// Where the data is damaged, <see cref="GZipStream"/> gives nothing of what was asked for at once: at most the
    /// larger of four kilobytes and a sixteenth of what came before.
    /// </summary>
    const int MinPiece = 4096;
    const int PieceShare = 16;

    readonly GZipStream gzip;
    readonly TailStream tail;
    long total;

    /// <param name="packed">The compressed file, which this stream then owns.</param>
    public WholeGzipStream(Stream packed) : this(new TailStream(packed))
    {
    }

    WholeGzipStream(TailStream tail) : this(tail, new(tail, CompressionMode.Decompress))
    {
    }

    WholeGzipStream(TailStream tail, GZipStream gzip) : base(gzip) => (this.tail, this.gzip) = (tail, gzip);

    /// <exception cref="InvalidDataException">The data is damaged, or ends early.</exception>
    public override int Read(Span<byte> buffer)
    {
        var count = gzip.Read(buffer[..(int)Math.Min(buffer.Length, Math.Max(MinPiece, total / PieceShare))]);
        total += count;
        return count > 0 || buffer.IsEmpty || tail.Last <= total
            ? count
            : throw new InvalidDataException("gzip data ends early");
    }
}
