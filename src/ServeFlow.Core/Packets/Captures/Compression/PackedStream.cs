namespace ServeFlow.Packets.Captures.Compression;

/// <summary>Counts the compressed bytes that a decompressor reads, and knows whether reading them failed.</summary>
sealed class PackedStream(Stream inner) : ReadOnlyStream(inner)
{
    readonly Stream inner = inner;

    /// <summary>Gets the bytes that were read so far.</summary>
    public long Total { get; private set; }

    /// <summary>Gets whether the operating system failed, and not the compression.</summary>
    public bool HasFailed { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var count = inner.Read(buffer);
            Total += count;
            return count;
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            HasFailed = true;
            throw;
        }
    }
}
