namespace ServeFlow.Sinks;

/// <summary>
/// Keeps records by value until they are wanted, so that captures can be classified side by side and still be
/// written one after the other.
/// </summary>
public sealed class RecordBuffer : IRecordSink
{
    /// <summary>About 80 KB a chunk: below the large object heap, and cheap where a capture has few flows.</summary>
    const int ChunkRecords = 256;

    readonly List<FlowRecord[]> chunks = [];
    int used = ChunkRecords;

    public void BeginCapture(string name)
    {
    }

    public void Write(in FlowRecord record)
    {
        if (used == ChunkRecords)
        {
            chunks.Add(new FlowRecord[ChunkRecords]);
            used = 0;
        }

        chunks[^1][used++] = record;
    }

    /// <summary>Hands on everything that was kept, in the order in which it came.</summary>
    public void ReplayTo(IRecordSink sink)
    {
        foreach (var chunk in chunks)
        {
            var length = chunk == chunks[^1] ? used : ChunkRecords;
            foreach (ref readonly var record in chunk.AsSpan(0, length))
            {
                sink.Write(record);
            }
        }
    }

    public void Flush()
    {
    }

    public void Dispose()
    {
    }
}
