using ServeFlow.Packets;
using ServeFlow.Packets.Captures;

namespace ServeFlow.Serving.Captures;

/// <summary>Meters how much of a set of captures has been read, by file sizes. Safe to share between workers.</summary>
sealed class ReadMeter(CaptureSet set, IProgress<double>? progress)
{
    readonly long total = set.Captures.Sum(capture => Size(capture));
    long done;

    /// <summary>Bytes of a file; 0 for standard input, whose end nobody knows.</summary>
    public static long Size(CapturePath capture) =>
        File.Exists(capture.Path) ? new FileInfo(capture.Path).Length : 0;

    public void Add(long bytes)
    {
        var sum = Interlocked.Add(ref done, bytes);
        if (total > 0)
        {
            progress?.Report(Math.Min(1, (double)sum / total));
        }
    }
}

/// <summary>A capture that tells the meter how far it was read.</summary>
sealed class MeteredSource(CaptureFile file, CapturePath capture, ReadMeter meter) : IPacketSource
{
    readonly long size = ReadMeter.Size(capture);
    long reported;

    public bool HasBacklog => file.HasBacklog;

    public bool Poll(PacketBurst burst)
    {
        var hasMore = file.Poll(burst);

        // A compressed file yields more bytes than it has: it counts as read up to its size, the rest at its end.
        Report(hasMore ? Math.Min(file.Bytes, size) : size);
        return hasMore;
    }

    public void Dispose() => file.Dispose();

    void Report(long position)
    {
        meter.Add(position - reported);
        reported = position;
    }
}
