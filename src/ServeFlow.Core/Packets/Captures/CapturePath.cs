using ServeFlow.Packets.Captures.Compression;

namespace ServeFlow.Packets.Captures;

/// <summary>Names one capture of a <see cref="CaptureSet"/>.</summary>
/// <param name="Path">What <see cref="CaptureFile.Open(string)"/> takes.</param>
/// <param name="Name">
/// Relative to the directory that was given, with '/'; of a single file its name alone. Bytes that are no text are
/// shown as their numbers.
/// </param>
/// <param name="FirstTimestampNs">Time of its first packet; 0 where it has none or was not looked at.</param>
public sealed record CapturePath(string Path, string Name, long FirstTimestampNs)
{
    /// <summary>
    /// Gets whether a search found the capture. One that cannot be opened any more is then left out; one that the user
    /// named is an error.
    /// </summary>
    public bool IsFound { get; init; }

    /// <summary>Gets what a compressed capture may expand to.</summary>
    public ExpansionLimit Expansion { get; init; } = ExpansionLimit.Default;

    /// <summary>Gets whether it can be read more than once, which a pipe cannot.</summary>
    public bool IsRegularFile => FileStatus.IsRegular(Path);

    /// <summary>Opens the file as it is, compressed or not.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission to read it.</exception>
    public Stream OpenBytes() => PathStream.Open(Path);
}
