using System.Buffers;

namespace ServeFlow.Sinks.Spools;

/// <summary>
/// Holds entries in memory until they are on the disk, in groups of a few megabytes, oldest first. One thread appends;
/// another takes groups that are closed, and lets go of them once they are on the disk. Neither waits for the other.
/// </summary>
/// <param name="groupBytes">The bytes at which a group is closed and the next one begun.</param>
sealed class SpoolGroups(int groupBytes)
{
    /// <summary>Leaves room for the entry by which a group reaches its limit. Hardly any is longer; the memory grows
    /// for one that is.</summary>
    const int Slack = 64 << 10;

    readonly Lock gate = new();
    readonly Queue<SpoolGroup> closed = [];
    SpoolGroup open = new(0);
    SpoolGroup? spare;
    long closedBytes;

    /// <summary>Gets the bytes that are not on the disk.</summary>
    public long Bytes => open.Bytes.WrittenCount + Interlocked.Read(ref closedBytes);

    /// <summary>Gets whether groups wait to be written, or are being written.</summary>
    public bool HasClosed => Interlocked.Read(ref closedBytes) > 0;

    /// <summary>Appends an entry; closes the group where it is large enough then. Appending thread.</summary>
    /// <returns>Whether a group was closed.</returns>
    public bool Append(long sequence, ReadOnlySpan<byte> payload)
    {
        SpoolEntry.Write(open.Bytes, sequence, payload);
        open.Records++;
        return open.Bytes.WrittenCount >= groupBytes && Close();
    }

    /// <summary>Closes the group that is appended to, where it has entries. Appending thread.</summary>
    /// <returns>Whether it had any.</returns>
    public bool Close()
    {
        if (open.Records == 0)
        {
            return false;
        }

        lock (gate)
        {
            closed.Enqueue(open);
            Interlocked.Add(ref closedBytes, open.Bytes.WrittenCount);
            (open, spare) = (spare ?? new(open.Bytes.WrittenCount < groupBytes ? 0 : groupBytes + Slack), null);
        }

        return true;
    }

    /// <summary>Gets the bytes of the oldest closed group; 0 where there is none. Writing thread.</summary>
    public int PeekBytes()
    {
        lock (gate)
        {
            return closed.TryPeek(out var oldest) ? oldest.Bytes.WrittenCount : 0;
        }
    }

    /// <summary>Gets the oldest closed groups, as many as fit into a number of bytes, but at least one. They stay until
    /// <see cref="Release"/>. Writing thread.</summary>
    public List<SpoolGroup> Peek(long maxBytes)
    {
        lock (gate)
        {
            var left = maxBytes;
            return [.. closed.TakeWhile((group, i) => (left -= group.Bytes.WrittenCount) >= 0 || i == 0)];
        }
    }

    /// <summary>Lets go of the oldest groups, which are on the disk. Writing thread.</summary>
    public void Release(int count)
    {
        lock (gate)
        {
            for (; count > 0; count--)
            {
                var written = closed.Dequeue();
                Interlocked.Add(ref closedBytes, -written.Bytes.WrittenCount);
                written.Clear();
                spare = written; // one is enough while the disk keeps up; more would keep the memory of a bad time
            }
        }
    }
}

/// <summary>Represents a row of entries in memory.</summary>
/// <param name="capacity">The bytes that it has room for at first; 0 for few.</param>
sealed class SpoolGroup(int capacity)
{
    public ArrayBufferWriter<byte> Bytes { get; } = capacity > 0 ? new(capacity) : new();

    public int Records { get; set; }

    public void Clear()
    {
        Bytes.ResetWrittenCount();
        Records = 0;
    }
}
