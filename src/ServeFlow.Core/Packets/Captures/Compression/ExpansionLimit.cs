namespace ServeFlow.Packets.Captures.Compression;

/// <summary>
/// Bounds what a compressed capture may expand to, so that a decompression bomb costs neither time nor disk. Every
/// capture may have some bytes; beyond them the ratio to the compressed bytes that were read is limited.
/// </summary>
/// <param name="Ratio">Times the compressed size; infinity for no bound.</param>
/// <param name="FreeBytes">Bytes up to which any ratio is allowed.</param>
/// <param name="MaxBytes">Bytes that no capture may pass, whatever its ratio.</param>
public sealed record ExpansionLimit(double Ratio, long FreeBytes, long MaxBytes = long.MaxValue)
{
    /// <summary>Exceeds what gzip and lz4 make of any capture, and zstd of most.</summary>
    public const double DefaultRatio = 1000;

    /// <summary>A quarter of a second's work.</summary>
    public const long DefaultFreeBytes = 256L << 20;

    /// <summary>Gets the bound of captures for which nobody asks for another.</summary>
    public static ExpansionLimit Default { get; } = new(DefaultRatio, DefaultFreeBytes);

    /// <summary>Determines whether the bound is passed.</summary>
    /// <param name="packed">Compressed bytes that were read.</param>
    /// <param name="bytes">Bytes that came out of them.</param>
    public bool IsPassed(long packed, long bytes) => bytes > MaxBytes
        || (bytes > FreeBytes && bytes > packed * Ratio);
}

/// <summary>Tells that a compressed capture expands beyond the limit.</summary>
public sealed class ExpansionException(string message) : Exception(message)
{
    public ExpansionException() : this("expands beyond the limit")
    {
    }

    public ExpansionException(string message, Exception inner) : this($"{message}: {inner?.Message}")
    {
    }
}
