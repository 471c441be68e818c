namespace ServeFlow.Sinks;

/// <summary>
/// Represents one worker's end of a bounded queue to a sink that another thread drains. While packets come the
/// worker never waits: records that find the queue full are lost, and counted. A full queue holds the worker up only
/// where that was asked for (<paramref name="lossless"/>: files as source, which can wait), and at the end, when no
/// packet can be lost by it (<see cref="LimitWaiting"/>).
/// </summary>
/// <param name="capacity">Records; rounded up to a power of two.</param>
/// <param name="lossless">Whether to wait for room instead of losing records.</param>
/// <param name="wantsPredictions">Whether predictions belong in the queue, not only ends of flows.</param>
public sealed class QueuedSink(int capacity, bool lossless, bool wantsPredictions) : IRecordSink
{
    readonly RecordRing ring = new(capacity);
    readonly WaitAllowance waiting = new(lossless);
    string[] captures = [];
    bool captureIsNew;
    long accepted;
    long lostPredictions;
    long lostEnds;

    public bool WantsPredictions => wantsPredictions;

    /// <summary>Gets the number of records that are waiting.</summary>
    public int Count => ring.Count;

    public int Capacity => ring.Capacity;

    /// <summary>Gets the number of records that the draining thread has done with.</summary>
    internal long Released => ring.Released;

    /// <summary>Gets the number of records that found room. Readable from any thread, as are the others.</summary>
    public long Accepted => Volatile.Read(ref accepted);

    /// <summary>Gets the number of predictions that found the queue full.</summary>
    public long LostPredictions => Volatile.Read(ref lostPredictions);

    /// <summary>Ends of flows that found the queue full.</summary>
    public long LostEnds => Volatile.Read(ref lostEnds);

    public void BeginCapture(string name)
    {
        Volatile.Write(ref captures, [.. captures, name]);
        captureIsNew = true;
    }

    public void Write(in FlowRecord record)
    {
        if (record.Kind == RecordKind.Prediction && !wantsPredictions)
        {
            return;
        }

        if ((!captureIsNew || TryAddCaptureMarker()) && TryAdd(record))
        {
            Volatile.Write(ref accepted, accepted + 1);
            return;
        }

        ref var lost = ref record.Kind == RecordKind.Prediction ? ref lostPredictions : ref lostEnds;
        Volatile.Write(ref lost, lost + 1);
    }

    /// <summary>
    /// Waits, where nothing may be lost, until the sink behind has everything; otherwise does nothing, as the draining
    /// thread decides when the sink is flushed.
    /// </summary>
    public void Flush()
    {
        while (lossless && ring.Count > 0 && waiting.TryWait())
        {
        }
    }

    /// <summary>The end has come: a full queue may hold its worker up for so long in all. From any thread.</summary>
    public void LimitWaiting(TimeSpan limit) => waiting.Limit(limit);

    /// <summary>The worker has come to its end: where it has never waited, it may now, for so long in all.</summary>
    public void AllowWaiting(TimeSpan limit) => waiting.Allow(limit);

    /// <summary>Nobody waits for room any more: the sink behind is stuck. From any thread.</summary>
    public void Abandon() => waiting.End();

    public void Dispose()
    {
    }

    /// <summary>Draining thread: the capture that the oldest record comes from; null where it is none.</summary>
    internal string? Capture { get; private set; }

    /// <summary>Draining thread: the oldest records; valid until <see cref="Release"/>. One without a kind stands
    /// for a capture that begins: its packet number is what <see cref="NextCapture"/> takes.</summary>
    internal ReadOnlySpan<FlowRecord> Peek(int limit) => ring.Peek(limit);

    /// <summary>Draining thread: has done with the oldest records.</summary>
    internal void Release(int count) => ring.Release(count);

    /// <summary>Draining thread: has come to where a capture begins.</summary>
    internal string NextCapture(long number) => Capture = Volatile.Read(ref captures)[number];

    /// <summary>Says in the queue, before its first record, that a capture has begun.</summary>
    bool TryAddCaptureMarker()
    {
        var mark = new FlowRecord { Kind = RecordKind.None, PacketNumber = captures.Length - 1 };
        captureIsNew = !TryAdd(mark);
        return !captureIsNew;
    }

    bool TryAdd(in FlowRecord record)
    {
        while (!ring.TryAdd(record))
        {
            if (!waiting.TryWait())
            {
                return false;
            }
        }

        return true;
    }
}
