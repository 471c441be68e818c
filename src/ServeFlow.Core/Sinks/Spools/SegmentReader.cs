using Microsoft.Win32.SafeHandles;

namespace ServeFlow.Sinks.Spools;

/// <summary>
/// Reads the entries of one segment in order. Where bytes are damaged it goes on at the next whole entry; what was lost
/// in between shows in the sequence numbers. Owned by one thread.
/// </summary>
sealed class SegmentReader : IDisposable
{
    /// <summary>Holds two of the longest entries, so that a whole one fits wherever a piece begins.</summary>
    const int PieceLength = 4 * SpoolEntry.MaxPayload;

    readonly SafeFileHandle file;
    readonly byte[] piece;
    long pieceAt;
    int pieceLength;

    /// <param name="segment">The segment.</param>
    /// <param name="buffer">What an earlier reader read into; null for a new one.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be opened.</exception>
    public SegmentReader(SpoolSegment segment, byte[]? buffer = null)
    {
        Segment = segment;
        Sequence = segment.First;
        piece = buffer ?? new byte[PieceLength];
        file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    public SpoolSegment Segment { get; }

    /// <summary>Gets the place after the last entry that was read.</summary>
    public long Offset { get; private set; } = SpoolSegment.HeaderLength;

    /// <summary>Gets the sequence number after that of the last entry that was read.</summary>
    public long Sequence { get; private set; }

    /// <summary>Gets the memory that the reader reads into, for the next reader.</summary>
    public byte[] Buffer => piece;

    /// <summary>Reads the next whole entry.</summary>
    /// <param name="end">Where the entries end, in bytes.</param>
    /// <param name="next">The sequence number after the last one that may be there.</param>
    /// <param name="sequence">The number of the entry.</param>
    /// <param name="payload">The payload, valid until the next call.</param>
    /// <returns>False where no whole entry follows.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public bool TryRead(long end, long next, out long sequence, out ReadOnlySpan<byte> payload)
    {
        var at = Offset;
        for (; at < end; at++)
        {
            var bytes = Peek(at, end);
            var state = SpoolEntry.Read(bytes, Sequence, next, out sequence, out payload);
            if (state == EntryState.Partial && at + bytes.Length < end)
            {
                bytes = Load(at, end);
                state = SpoolEntry.Read(bytes, Sequence, next, out sequence, out payload);
            }

            if (state == EntryState.Whole)
            {
                (Offset, Sequence) = (at + SpoolEntry.Measure(payload.Length), sequence + 1);
                return true;
            }
        }

        sequence = Sequence;
        payload = default;
        return false;
    }

    public void Dispose() => file.Dispose();

    /// <summary>Gets the bytes from a place on that are in memory, or reads them.</summary>
    ReadOnlySpan<byte> Peek(long at, long end) => at >= pieceAt && at < pieceAt + pieceLength
        ? piece.AsSpan((int)(at - pieceAt), (int)(pieceAt + pieceLength - at))
        : Load(at, end);

    ReadOnlySpan<byte> Load(long at, long end)
    {
        pieceAt = at;
        pieceLength = 0;
        var wanted = (int)Math.Min(piece.Length, end - at);
        while (pieceLength < wanted
            && RandomAccess.Read(file, piece.AsSpan(pieceLength, wanted - pieceLength), at + pieceLength)
                is > 0 and var read)
        {
            pieceLength += read;
        }

        return piece.AsSpan(0, pieceLength);
    }
}
