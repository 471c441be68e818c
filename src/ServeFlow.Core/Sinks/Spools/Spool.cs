using System.Security.Cryptography;
using ServeFlow.Sinks.Files;

namespace ServeFlow.Sinks.Spools;

/// <summary>
/// Keeps records on disk until a receiver has them, however the process ends. Records stand in segments, files of
/// bounded size that are only ever appended to; a record is in the spool once it is on the disk. Where the bound on all
/// bytes is reached, the oldest segment is dropped, and its records are counted. One thread appends, one thread reads,
/// and neither waits for what the other has the disk do; statistics may be read from any.
/// </summary>
public sealed partial class Spool : IDisposable
{
    readonly Lock gate = new();
    readonly string folder;
    readonly long maxBytes;
    readonly long segmentBytes;
    readonly long memoryBytes;
    readonly int groupBytes;
    readonly Action<string> say;
    readonly SpoolPosition position;
    readonly List<SpoolSegment> segments;
    long next;
    long found;
    long spooled;
    long delivered;
    long dropped;
    long damaged;
    long cutBytes;
    bool isPositionLost;

    /// <summary>Opens a spool, or makes one. What a killed run left half written is cut off.</summary>
    /// <param name="options">Where it is, and its bound.</param>
    /// <param name="tell">Is told, from any thread, what is wrong with the files, in one line.</param>
    /// <exception cref="FileInUseException">Another process has the spool.</exception>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be used.</exception>
    public Spool(SpoolOptions options, Action<string> tell)
    {
        (folder, say) = (options.Folder, tell);
        (maxBytes, segmentBytes, memoryBytes) = (options.MaxBytes, options.SegmentBytes, options.MemoryBytes);
        groupBytes = (int)Math.Min(GroupBytes, segmentBytes / 2);
        groups = new(groupBytes);
        Directory.CreateDirectory(folder);
        position = new(folder);
        try
        {
            segments = SpoolSegment.List(folder);
            Resume();
        }
        catch
        {
            position.Dispose();
            throw;
        }
    }

    public string Folder => folder;

    public SpoolStatistics Statistics
    {
        get
        {
            lock (gate)
            {
                return new(found, spooled, delivered, dropped, damaged, SumBytes(), cutBytes)
                {
                    Unconfirmed = inFlight.Sum(batch => batch.Count),
                    MaxBytes = maxBytes,
                };
            }
        }
    }

    /// <summary>Counts the records that wait in a spool which nobody has open, and changes nothing; 0 where the folder
    /// is none.</summary>
    /// <exception cref="FileInUseException">A process has the spool.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be read.</exception>
    public static long CountWaiting(string folder)
    {
        var segments = SpoolSegment.List(folder);
        if (segments.Count == 0)
        {
            return 0;
        }

        using var position = File.Exists(Path.Combine(folder, SpoolPosition.FileName)) ? new SpoolPosition(folder)
            : null;
        (segments[^1].Next, _) = FindEnd(segments[^1]);
        return CountFrom(segments, position?.Acknowledged ?? 0);
    }

    /// <summary>Closes the files. Records that were not committed are gone.</summary>
    public void Dispose()
    {
        isClosed = true;
        wake.Set();
        reader?.Dispose();
        lock (writing)
        {
            TrySync();
            CloseActive();
            position.Dispose();
        }
    }

    long SumBytes() => segments.Sum(segment => segment.Length);

    /// <summary>Goes on where the run before ended.</summary>
    void Resume()
    {
        if (position.IsDamaged)
        {
            say($"{Path.Combine(folder, SpoolPosition.FileName)}: is damaged: every record of the spool is delivered "
                + "again; receivers know them by their ids");
        }

        var spool = position.Spool != 0 ? position.Spool
            : segments.AsEnumerable().Reverse().Select(segment => segment.ReadSpool()).FirstOrDefault(id => id > 0)
                ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) | 1;
        CutTail();
        next = Math.Max(Math.Max(1, position.Acknowledged), segments.Count > 0 ? segments[^1].Next : 1);
        acknowledged = segments.Count > 0 ? Math.Max(position.Acknowledged, segments[0].First) : next;
        (taken, appended) = (acknowledged, next);
        found = CountFrom(segments, acknowledged);
        position.Write(spool, acknowledged);
        position.Sync();
        DurableFolder.Sync(folder);
        ForgetDelivered();
        DeleteForgotten();
    }

    /// <summary>Cuts the latest segment after its last whole entry; one that has none is removed.</summary>
    void CutTail()
    {
        if (segments.Count == 0)
        {
            return;
        }

        var last = segments[^1];
        var length = last.Length;
        (last.Next, last.Length) = FindEnd(last);
        if (length > last.Length)
        {
            cutBytes = length - last.Length;
            say($"{last.Path}: {cutBytes:N0} bytes at the end hold no whole record: a run was killed while it wrote "
                + "them, or the disk has damaged them; they were cut off");
            using var file = File.OpenHandle(last.Path, FileMode.Open, FileAccess.Write);
            RandomAccess.SetLength(file, last.Length);
        }

        if (last.Next == last.First)
        {
            File.Delete(last.Path);
            segments.RemoveAt(segments.Count - 1);
        }
    }

    static long CountFrom(List<SpoolSegment> segments, long acknowledged) =>
        segments.Sum(segment => Math.Max(0, segment.Next - Math.Max(segment.First, acknowledged)));

    /// <summary>Finds the end of the whole entries: the sequence number after the last one, and its place.</summary>
    static (long Next, long Length) FindEnd(SpoolSegment segment)
    {
        using var reader = new SegmentReader(segment);
        var most = segment.First + (segment.Length / SpoolEntry.Measure(1)) + 1;
        while (reader.TryRead(segment.Length, most, out _, out _))
        {
        }

        return (reader.Sequence, Math.Min(segment.Length, reader.Offset));
    }

    /// <summary>Writes down what was acknowledged. Where that fails, the position before holds.</summary>
    void KeepPosition(long reached)
    {
        try
        {
            position.Write(position.Spool, reached);
        }
        catch (IOException e)
        {
            if (!isPositionLost)
            {
                say($"{Path.Combine(folder, SpoolPosition.FileName)}: cannot be written: {e.Message.TrimEnd('.')}; the "
                    + "next run may deliver records again");
            }

            isPositionLost = true;
        }
    }

    void TrySync()
    {
        try
        {
            position.Sync();
        }
        catch (IOException)
        {
            // the position before still holds: records may be delivered twice, and none is lost
        }
    }
}
