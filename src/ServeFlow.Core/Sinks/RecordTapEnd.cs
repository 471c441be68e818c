namespace ServeFlow.Sinks;

/// <summary>Represents one worker's end of a tap: gives each reader a copy of the records that it wants.</summary>
/// <param name="gate">Held while the readers change, and while a capture begins.</param>
sealed class RecordTapEnd(Lock gate) : IRecordSink
{
    /// <summary>Replaced as a whole; read by the worker at each record.</summary>
    Listener[] listeners = [];

    string? capture;

    public void BeginCapture(string name)
    {
        lock (gate)
        {
            capture = name;
            foreach (var listener in listeners)
            {
                listener.Queue.BeginCapture(name);
            }
        }
    }

    public void Write(in FlowRecord record)
    {
        foreach (var listener in Volatile.Read(ref listeners))
        {
            if (listener.Wants(record))
            {
                listener.Queue.Write(record);
            }
        }
    }

    public void Flush()
    {
    }

    public void Dispose()
    {
    }

    /// <summary>Adds a reader, under the gate; returns its queue.</summary>
    public QueuedSink Add(RecordPredicate wants, int capacity)
    {
        var queue = new QueuedSink(capacity, lossless: false, wantsPredictions: true);
        if (capture is not null)
        {
            queue.BeginCapture(capture);
        }

        Volatile.Write(ref listeners, [.. listeners, new(wants, queue)]);
        return queue;
    }

    /// <summary>Removes the reader that has one of these queues, under the gate.</summary>
    public void Remove(IReadOnlyList<QueuedSink> queues) =>
        Volatile.Write(ref listeners, [.. listeners.Where(listener => !queues.Contains(listener.Queue))]);

    sealed record Listener(RecordPredicate Wants, QueuedSink Queue);
}
