namespace ServeFlow.Sinks;

/// <summary>
/// Represents one worker's way to a sink that several share: records gather here and go through the lock some
/// hundred at a time, so that workers seldom meet there.
/// </summary>
/// <param name="gate">The same for all who share <paramref name="sink"/>; the sink is not closed with this.</param>
public sealed class SynchronizedSink(IRecordSink sink, Lock gate) : IRecordSink
{
    /// <summary>About 300 KB of records: they are still in the second-level cache when they are written.</summary>
    const int Capacity = 1024;

    readonly FlowRecord[] records = new FlowRecord[Capacity];
    int count;

    public void BeginCapture(string name)
    {
        Forward();
        lock (gate)
        {
            sink.BeginCapture(name);
        }
    }

    public void Write(in FlowRecord record)
    {
        records[count++] = record;
        if (count == Capacity)
        {
            Forward();
        }
    }

    public void Flush()
    {
        Forward();
        lock (gate)
        {
            sink.Flush();
        }
    }

    public void Dispose() => Forward();

    /// <summary>Hands the records on, once: after a failure none of them is written again.</summary>
    void Forward()
    {
        var gathered = records.AsSpan(0, count);
        count = 0;
        lock (gate)
        {
            foreach (ref readonly var record in gathered)
            {
                sink.Write(record);
            }
        }
    }
}
