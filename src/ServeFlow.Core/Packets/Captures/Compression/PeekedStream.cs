namespace ServeFlow.Packets.Captures.Compression;

/// <summary>
/// A stream whose first bytes were already read: gives them once more, then the rest. Pipes cannot seek.
/// </summary>
sealed class PeekedStream(byte[] start, Stream rest) : ReadOnlyStream(rest)
{
    readonly Stream rest = rest;
    int position;
    long total;

    /// <summary>Gets the bytes that were read; readers of xz align blocks by it.</summary>
    public override long Position
    {
        get => total;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var count = ReadSome(buffer);
        total += count;
        return count;
    }

    int ReadSome(Span<byte> buffer)
    {
        if (position == start.Length)
        {
            return rest.Read(buffer);
        }

        var count = Math.Min(buffer.Length, start.Length - position);
        start.AsSpan(position, count).CopyTo(buffer);
        position += count;
        return count;
    }
}
