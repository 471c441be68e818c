using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace ServeFlow.Sinks.Spools;

/// <summary>
/// The writing side: records are gathered in memory and written in groups, by a thread of the spool's own, so that
/// whoever appends waits for no disk while there is room in memory. docs/decisions/0058-appends-beside-the-disk.md.
/// </summary>
public sealed partial class Spool
{
    /// <summary>Gathers as many bytes in memory before they are written without being asked.</summary>
    const int GroupBytes = 4 << 20;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    /// <summary>Held by whoever writes to the disk; never by the reading side.</summary>
    readonly Lock writing = new();

    readonly SpoolGroups groups;
    readonly AutoResetEvent wake = new(false);
    Thread? writer;
    SafeFileHandle? active;
    volatile bool isWaitOver;
    volatile bool isClosed;
    bool hasToldOfWait;

    /// <summary>Holds the sequence number of the next record that is appended.</summary>
    long appended;

    /// <summary>Holds why the spool's own thread could not write, until the appending thread has heard of it.</summary>
    Exception? failure;

    /// <summary>Tells that the appending thread has heard of a failure: it tries again itself.</summary>
    bool isFailing;

    /// <summary>Tells that the name of the active segment is on the disk too, and outlives a loss of power.</summary>
    bool isNamed;

    /// <summary>Says that the file that is written to has been taken away.</summary>
    bool mustBeginSegment;

    /// <summary>Gets how many records were appended and are not on the disk yet.</summary>
    public long Uncommitted => Interlocked.Read(ref appended) - Interlocked.Read(ref next);

    /// <summary>Gets the sequence number after the last record that is on the disk.</summary>
    public long Committed => Interlocked.Read(ref next);

    /// <summary>Gets whether so much waits to be written that it is time to.</summary>
    public bool IsCommitDue => groups.Bytes >= groupBytes;

    /// <summary>Has the disk confirm what is written. Tests put a slow or a failing one in its place.</summary>
    internal Action<SafeFileHandle> Confirm { get; init; } = RandomAccess.FlushToDisk;

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

            Thread.Sleep(Pause);
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

    /// <summary>Appends a record, in memory. Appending thread.</summary>
    public void Append(ReadOnlySpan<byte> payload)
    {
        if (groups.Append(appended, payload))
        {
            WakeWriter();
        }

        Interlocked.Increment(ref appended);
    }

    /// <summary>
    /// Waits until there is room in memory for more records, where the disk has fallen so far behind that there is
    /// none. Appending thread.
    /// </summary>
    /// <exception cref="IOException">The disk is full, or fails; everything is kept.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public void WaitForMemory()
    {
        while (groups.Bytes > memoryBytes)
        {
            BeginCommit();
            Thread.Sleep(Pause);
        }
    }

    /// <summary>
    /// Has what was appended written to the disk, and does not wait for that. Where the latest write failed, it is
    /// tried again here and waited for. Appending thread.
    /// </summary>
    /// <inheritdoc cref="WaitForMemory"/>
    public void BeginCommit()
    {
        if (isFailing)
        {
            Commit();
        }

        if (Interlocked.Exchange(ref failure, null) is { } error)
        {
            isFailing = true;
            ExceptionDispatchInfo.Throw(error);
        }

        // While the disk is busy the group grows: one write for many records is what a slow disk is good at.
        if (!groups.HasClosed && groups.Close())
        {
            WakeWriter();
        }
    }

    /// <summary>
    /// Writes what was appended to the disk and waits until it is there. Where that fails, nothing of the group that
    /// failed is in the spool, and everything is kept for the next call. Appending thread.
    /// </summary>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public void Commit()
    {
        groups.Close();
        lock (writing)
        {
            (failure, isFailing) = (null, true);
            WriteClosed();
        }

        isFailing = false;
    }

    void WakeWriter()
    {
        if (writer is null)
        {
            writer = new(RunWriter) { IsBackground = true, Name = "spool" };
            writer.Start();
        }

        wake.Set();
    }

    void RunWriter()
    {
        while (wake.WaitOne() && !isClosed)
        {
            lock (writing)
            {
                try
                {
                    WriteClosed();
                }
                catch (Exception e) when (e.IsFileFailure)
                {
                    Volatile.Write(ref failure, e);
                }
            }
        }
    }

    /// <summary>Writes the groups that are closed, as many at once as a segment takes.</summary>
    void WriteClosed()
    {
        while (!isClosed && groups.PeekBytes() is > 0 and var bytes)
        {
            var segment = PrepareSegment(bytes);
            var batch = groups.Peek(segmentBytes - segment.Length);
            MakeRoom(batch.Sum(group => (long)group.Bytes.WrittenCount));
            Write(segment, batch);
            groups.Release(batch.Count);
        }
    }

    void Write(SpoolSegment segment, List<SpoolGroup> batch)
    {
        var end = segment.Length;
        var named = isNamed ? Task.CompletedTask : Task.Run(() => DurableFolder.Sync(folder));
        try
        {
            foreach (var group in batch)
            {
                RandomAccess.Write(active!, group.Bytes.WrittenSpan, end);
                end += group.Bytes.WrittenCount;
            }

            Confirm(active!);
            named.GetAwaiter().GetResult(); // a slow disk confirms the file and its name at the same time
            isNamed = true;
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            CutBack(segment);
            throw;
        }

        var records = batch.Sum(group => group.Records);
        lock (gate)
        {
            segment.Length = end;
            Interlocked.Add(ref next, records);
            segment.Next = next;
            spooled += records;
        }
    }
}
