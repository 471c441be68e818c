namespace ServeFlow.Packets.Captures;

/// <summary>Meters how much of some captures has been read, by file sizes. Safe to share between workers.</summary>
/// <param name="progress">Told the share of all bytes that has been read, 0 to 1; null for nobody.</param>
public sealed class ReadMeter(IReadOnlyList<CapturePath> captures, IProgress<double>? progress)
{
    readonly long total = captures.Sum(Size);
    long done;

    /// <summary>Gets the bytes of a file; 0 for a pipe, whose end nobody knows.</summary>
    internal static long Size(CapturePath capture)
    {
        FileStatus.Find(capture.Path, out var size);
        return size;
    }

    internal void Add(long bytes)
    {
        var sum = Interlocked.Add(ref done, bytes);
        if (total > 0)
        {
            progress?.Report(Math.Min(1, (double)sum / total));
        }
    }
}
