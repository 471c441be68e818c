using Microsoft.Win32.SafeHandles;

namespace ServeFlow.Sinks.Spools;

/// <summary>The writing side: records are gathered in memory and committed in groups.</summary>
public sealed partial class Spool
{
    /// <summary>Gathers as many bytes in memory before they are committed without being asked.</summary>
    const int GroupBytes = 4 << 20;

    SafeFileHandle? active;
    volatile bool isWaitOver;
    bool hasToldOfWait;

    /// <summary>Says that the file that is written to has been taken away.</summary>
    bool mustBeginSegment;

    /// <summary>Gets how many records were appended and are not on the disk yet.</summary>
    public int Uncommitted => Volatile.Read(ref pendingRecords);

    /// <summary>Gets whether so much waits to be committed that it is time to.</summary>
    public bool IsCommitDue => pending.WrittenCount >= Math.Min(GroupBytes, segmentBytes / 2);

    /// <summary>Waits while the spool is full, unless nobody waits for room any more: the oldest records are dropped
    /// then. The first wait is told of.</summary>
    public void WaitForRoom()
    {
        while (!isWaitOver && IsFull)
        {
            if (!hasToldOfWait)
            {
                hasToldOfWait = true;
                say($"{folder}: is full: the replay waits until the receiver takes records; raise --spool-size, or "
                    + "look at the receiver");
            }

            Thread.Sleep(1);
        }
    }

    /// <summary>Ends the wait for room, since the sensor stops. From any thread.</summary>
    public void EndWait() => isWaitOver = true;

    /// <summary>Gets whether the next group would have records dropped that were not sent. From any thread.</summary>
    public bool IsFull
    {
        get
        {
            lock (gate)
            {
                return segments.Count > 1 && segments[0].Next > taken
                    && SumBytes() + (2 * Math.Min(GroupBytes, segmentBytes)) > maxBytes;
            }
        }
    }

    /// <summary>Appends a record, in memory.</summary>
    public void Append(ReadOnlySpan<byte> payload)
    {
        SpoolEntry.Write(pending, next + pendingRecords, payload);
        Volatile.Write(ref pendingRecords, pendingRecords + 1);
    }

    /// <summary>
    /// Writes what was appended to the disk and waits until it is there. Where that fails, nothing of it is in the
    /// spool and everything is kept for the next call.
    /// </summary>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public void Commit()
    {
        if (pendingRecords == 0)
        {
            return;
        }

        SpoolSegment segment;
        lock (gate)
        {
            segment = MakeRoom(pending.WrittenCount);
        }

        try
        {
            RandomAccess.Write(active!, pending.WrittenSpan, segment.Length);
            RandomAccess.FlushToDisk(active!);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            CutBack(segment);
            throw;
        }

        lock (gate)
        {
            segment.Length += pending.WrittenCount;
            segment.Next = next += pendingRecords;
            spooled += pendingRecords;
        }

        pending.ResetWrittenCount();
        Volatile.Write(ref pendingRecords, 0);
    }

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

        lock (gate)
        {
            CloseActive();
        }
    }

    /// <summary>Finds the segment for the next bytes, and drops the oldest segments to make room for them.</summary>
    /// <param name="bytes">The number of bytes to write.</param>
    SpoolSegment MakeRoom(long bytes)
    {
        if (active is not null && (mustBeginSegment
            || (segments[^1].Length + bytes > segmentBytes && segments[^1].Next > segments[^1].First)))
        {
            CloseActive();
        }

        if (active is null)
        {
            BeginSegment();
        }

        while (segments.Count > 1 && SumBytes() + bytes > maxBytes)
        {
            DropOldest();
        }

        return segments[^1];
    }

    void BeginSegment()
    {
        Directory.CreateDirectory(folder);
        var segment = SpoolSegment.Create(folder, next);
        var file = File.OpenHandle(segment.Path, FileMode.Create, FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete);
        try
        {
            RandomAccess.Write(file, segment.CreateHeader(position.Spool), 0);
            DurableFolder.Sync(folder);
        }
        catch
        {
            file.Dispose();
            File.Delete(segment.Path);
            throw;
        }

        segment.Length = SpoolSegment.HeaderLength;
        segments.Add(segment);
        (active, mustBeginSegment) = (file, false);
    }

    void CloseActive()
    {
        active?.Dispose();
        active = null;
        if (segments.Count > 0 && segments[^1].Next == segments[^1].First)
        {
            Delete(segments[^1]);
        }

        DeleteDelivered();
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
        Delete(oldest);
    }
}
