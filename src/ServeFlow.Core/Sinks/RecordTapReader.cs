namespace ServeFlow.Sinks;

/// <summary>Reads records from a tap. Owned by one thread at a time.</summary>
public sealed class RecordTapReader : IDisposable
{
    readonly RecordTap tap;
    readonly QueuedSink[] queues;
    bool isDisposed;

    internal RecordTapReader(RecordTap tap, QueuedSink[] queues)
    {
        this.tap = tap;
        this.queues = queues;
    }

    /// <summary>Gets how many of the wanted records were not kept, since the reader was slow.</summary>
    public long Missed => queues.Sum(queue => queue.LostPredictions + queue.LostEnds);

    /// <summary>Gives a sink what waits, worker by worker, and returns how many records that were.</summary>
    /// <param name="most">The most records of each worker.</param>
    public int Drain(IRecordSink into, int most)
    {
        var count = 0;
        foreach (var queue in queues)
        {
            if (queue.Capture is { } capture)
            {
                into.BeginCapture(capture);
            }

            count += Drain(queue, into, most);
        }

        return count;
    }

    public void Dispose()
    {
        if (!isDisposed)
        {
            isDisposed = true;
            tap.Remove(queues);
        }
    }

    static int Drain(QueuedSink queue, IRecordSink into, int most)
    {
        var count = 0;
        while (count < most && queue.Peek(most - count) is { IsEmpty: false } records)
        {
            foreach (ref readonly var record in records)
            {
                if (record.Kind == RecordKind.None)
                {
                    into.BeginCapture(queue.NextCapture(record.PacketNumber));
                    continue;
                }

                into.Write(record);
                count++;
            }

            queue.Release(records.Length);
        }

        return count;
    }
}
