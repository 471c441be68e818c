using Microsoft.Win32.SafeHandles;

namespace ServeFlow.Sinks.Spools;

/// <summary>
/// The list of segments, which the gate guards, and their files, which are made and deleted outside of it: no thread
/// waits at the gate for a disk.
/// </summary>
public sealed partial class Spool
{
    /// <summary>Segments that have left the list, and whose files are to be deleted.</summary>
    readonly Queue<SpoolSegment> forgotten = [];

    bool IsActive(SpoolSegment segment) => active is not null && ReferenceEquals(segment, segments[^1]);

    /// <summary>Takes back what was written in part. After a failed sync nobody knows what the disk has: no more is
    /// added to that segment.</summary>
    void CutBack(SpoolSegment segment)
    {
        try
        {
            RandomAccess.SetLength(active!, segment.Length);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            // the next start cuts it off
        }

        CloseActive();
    }

    /// <summary>Finds the segment for the next bytes.</summary>
    /// <param name="bytes">The number of bytes of the next group.</param>
    SpoolSegment PrepareSegment(long bytes)
    {
        lock (gate)
        {
            if (active is not null && !mustBeginSegment
                && (segments[^1].Length + bytes <= segmentBytes || segments[^1].Next == segments[^1].First))
            {
                return segments[^1];
            }
        }

        CloseActive();
        return BeginSegment();
    }

    SpoolSegment BeginSegment()
    {
        Directory.CreateDirectory(folder);
        var segment = SpoolSegment.Create(folder, next);
        var file = File.OpenHandle(segment.Path, FileMode.Create, FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete);
        try
        {
            RandomAccess.Write(file, segment.CreateHeader(position.Spool), 0);
        }
        catch
        {
            file.Dispose();
            File.Delete(segment.Path);
            throw;
        }

        (segment.Length, isNamed) = (SpoolSegment.HeaderLength, false);
        lock (gate)
        {
            segments.Add(segment);
            (active, mustBeginSegment) = (file, false);
        }

        return segment;
    }

    void CloseActive()
    {
        SafeFileHandle? file;
        SpoolSegment? empty;
        lock (gate)
        {
            (file, active) = (active, null);
            empty = segments.Find(segment => segment.Next == segment.First);
            _ = empty is not null && segments.Remove(empty);
            ForgetDelivered();
        }

        file?.Dispose();
        if (empty is not null)
        {
            Delete(empty); // here and now: the next segment may have the same name
        }

        DeleteForgotten();
    }

    /// <summary>Drops the oldest segments where the bound leaves no room for bytes.</summary>
    void MakeRoom(long bytes)
    {
        lock (gate)
        {
            while (segments.Count > 1 && SumBytes() + bytes > maxBytes)
            {
                DropOldest();
            }
        }

        DeleteForgotten();
    }

    /// <summary>Drops the oldest segment; its records are counted, but for those on their way to the receiver.
    /// </summary>
    void DropOldest()
    {
        var oldest = segments[0];
        var first = Math.Max(oldest.First, taken);
        var lost = first < oldest.Next ? oldest.Next - first - SumGaps(first, oldest.Next) : 0;
        if (lost > 0 && dropped == 0)
        {
            say($"{folder}: is full: the oldest records are dropped, and counted; raise --spool-size, or look at the "
                + "receiver");
        }

        dropped += lost;
        taken = Math.Max(taken, oldest.Next);
        Forget(oldest);
    }

    /// <summary>Forgets segments whose records have all been delivered, but for the one that is written to. Within the
    /// gate.</summary>
    void ForgetDelivered()
    {
        while (segments.Count > 0 && segments[0].Next <= acknowledged && !IsActive(segments[0]))
        {
            Forget(segments[0]);
        }
    }

    /// <summary>Takes a segment from the list. Within the gate; <see cref="DeleteForgotten"/> follows outside of it.
    /// </summary>
    void Forget(SpoolSegment segment)
    {
        segments.Remove(segment);
        forgotten.Enqueue(segment);
    }

    void DeleteForgotten()
    {
        while (true)
        {
            SpoolSegment? segment;
            lock (gate)
            {
                forgotten.TryDequeue(out segment);
            }

            if (segment is null)
            {
                return;
            }

            Delete(segment);
        }
    }

    void Delete(SpoolSegment segment)
    {
        try
        {
            File.Delete(segment.Path);
        }
        catch (DirectoryNotFoundException)
        {
            // whoever took the folder away took this too
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            say($"{segment.Path}: cannot be deleted: {e.Message.TrimEnd('.')}; delete it by hand");
        }
    }
}
