namespace ServeFlow.Sinks.Spools;

/// <summary>The reading side: batches are taken in order, and acknowledged in the order in which they were taken.
/// </summary>
public sealed partial class Spool
{
    readonly Queue<(long First, long End, int Count)> inFlight = [];
    /// <summary>Holds the ranges of records that were found missing and are not behind yet.</summary>
    readonly List<(long First, long End)> gaps = [];

    readonly List<(long First, long End)> newGaps = [];
    SegmentReader? reader;
    byte[]? buffer;

    /// <summary>Holds the sequence number of the next record that is taken.</summary>
    long taken;

    /// <summary>Holds the sequence number after the last record that was acknowledged.</summary>
    long acknowledged;

    /// <summary>Records before this number have been read once: what was damaged of them is counted.</summary>
    long damageKnown;

    /// <summary>Takes the next records, which are on their way from then on. Reading thread.</summary>
    /// <param name="batch">Receives the records; empty where there are none.</param>
    /// <exception cref="IOException">The disk fails.</exception>
    public void Take(SpoolBatch batch)
    {
        batch.Clear();
        batch.Spool = position.Spool;
        while (batch.Count == 0 && FindNext() is var (segment, end, start, next))
        {
            if (!TryOpen(segment))
            {
                Skip(batch, segment, start, next);
                continue;
            }

            Fill(batch, end, next, start);
        }
    }

    /// <summary>The receiver has the oldest batch that is on its way. Reading thread.</summary>
    public void Acknowledge()
    {
        long reached;
        lock (gate)
        {
            var batch = inFlight.Dequeue();
            delivered += batch.Count;
            reached = inFlight.TryPeek(out var following) ? following.First : Math.Max(batch.End, taken);
        }

        KeepPosition(reached);
        lock (gate)
        {
            acknowledged = reached; // from now on segments may be deleted, since the position outlives a kill
            ForgetDelivered();
        }

        DeleteForgotten();
    }

    /// <summary>
    /// Nobody knows whether what is on its way has arrived: it is taken again. What the bound has dropped meanwhile is
    /// counted as dropped. Reading thread.
    /// </summary>
    public void Rewind()
    {
        lock (gate)
        {
            CloseReader();
            var oldest = segments.Count > 0 ? segments[0].First : next;
            while (inFlight.TryDequeue(out var batch))
            {
                dropped += batch.End <= oldest ? batch.Count : 0;
            }

            taken = acknowledged = Math.Max(acknowledged, oldest);
        }
    }

    /// <summary>Finds the segment of the next record, how far it may be read, and the numbers of the next record and of
    /// the one after the last; null where there is none.</summary>
    (SpoolSegment Segment, long End, long Start, long Next)? FindNext()
    {
        lock (gate)
        {
            var segment = segments.Find(one => one.Next > taken);
            return segment is null ? null : (segment, segment.Length, taken, segment.Next);
        }
    }

    bool TryOpen(SpoolSegment segment)
    {
        if (ReferenceEquals(reader?.Segment, segment))
        {
            return true;
        }

        CloseReader();
        try
        {
            reader = new(segment, buffer);
            buffer = reader.Buffer;
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Reads a batch from the segment that is open.</summary>
    void Fill(SpoolBatch batch, long end, long next, long start)
    {
        var expected = start;
        newGaps.Clear();
        while (!batch.IsFull && expected < next)
        {
            var isWhole = reader!.TryRead(end, next, out var sequence, out var payload);
            if (isWhole && sequence < start)
            {
                continue;
            }

            NoteGap(expected, isWhole ? sequence : next);
            expected = isWhole ? sequence + 1 : next;
            if (isWhole)
            {
                batch.Add(sequence, payload);
            }
        }

        EndTake(batch, start, expected);
    }

    /// <summary>Notes records that are not where they should be, unless that was known before.</summary>
    void NoteGap(long first, long end)
    {
        first = Math.Max(first, damageKnown);
        if (first < end)
        {
            newGaps.Add((first, end));
        }
    }

    /// <summary>Counts the records of a range that were found missing before.</summary>
    long SumGaps(long first, long end) =>
        gaps.Sum(gap => Math.Max(0, Math.Min(end, gap.End) - Math.Max(first, gap.First)));

    /// <summary>The records up to a number were read, unless the bound dropped them meanwhile.</summary>
    void EndTake(SpoolBatch batch, long start, long end, string trouble = "is damaged")
    {
        lock (gate)
        {
            if (taken != start)
            {
                batch.Clear();
                return;
            }

            taken = end;
            CountGaps(end, trouble);
            if (batch.Count > 0)
            {
                inFlight.Enqueue((start, end, batch.Count));
            }
            else if (inFlight.Count == 0)
            {
                acknowledged = end;
                ForgetDelivered();
            }
        }

        DeleteForgotten();
    }

    /// <summary>The file of a segment is not there: goes on after it.</summary>
    void Skip(SpoolBatch batch, SpoolSegment segment, long start, long end)
    {
        newGaps.Clear();
        NoteGap(start, end);
        lock (gate)
        {
            mustBeginSegment |= IsActive(segment);
        }

        EndTake(batch, start, end, "is gone");
    }

    /// <summary>Counts what was found missing up to a number, and says it.</summary>
    void CountGaps(long end, string trouble)
    {
        gaps.RemoveAll(gap => gap.End <= acknowledged);
        gaps.AddRange(newGaps);
        damageKnown = Math.Max(damageKnown, end);
        var missing = newGaps.Sum(gap => gap.End - gap.First);
        damaged += missing;
        if (missing > 0)
        {
            var segment = segments.Find(one => one.Next > newGaps[0].First);
            say($"{segment?.Path ?? folder}: {trouble}: {missing:N0} records of it were skipped");
        }
    }

    void CloseReader()
    {
        reader?.Dispose();
        reader = null;
    }
}
