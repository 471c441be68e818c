namespace ServeFlow.Packets.Captures.Compression;

/// <summary>
/// Reads what comes out of a decompressor: whatever a library throws over broken data is an
/// <see cref="InvalidDataException"/> here, and more than the limit allows is an <see cref="ExpansionException"/>.
/// </summary>
/// <param name="library">Decompresses.</param>
/// <param name="file">The compressed file at the bottom of all layers.</param>
sealed class UnpackedStream(Stream library, PackedStream file, ExpansionLimit limit) : ReadOnlyStream(library)
{
    /// <summary>Describes data that is whole, and compressed in a way that its library does not read.</summary>
    public const string ForeignFilter = "compressed with a filter that is not read";

    readonly Stream library = library;
    long total;

    public override int Read(Span<byte> buffer)
    {
        var count = ReadSome(buffer);
        total += count;
        return limit.IsPassed(file.Total, total)
            ? throw new ExpansionException($"expands to more than {limit.Ratio} times its size")
            : count;
    }

    int ReadSome(Span<byte> buffer)
    {
        try
        {
            return library.Read(buffer);
        }
        catch (Exception e) when (!file.HasFailed && e is not (InvalidDataException or ExpansionException
            or OperationCanceledException))
        {
            throw new InvalidDataException(e is NotImplementedException or NotSupportedException
                ? ForeignFilter
                : "compressed data is broken", e);
        }
    }
}
