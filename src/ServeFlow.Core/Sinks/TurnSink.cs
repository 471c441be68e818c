using System.Runtime.InteropServices;

namespace ServeFlow.Sinks;

/// <summary>
/// Takes the records of one capture of several that are classified side by side and written one after the other. Until
/// it is the capture's turn they are kept: the first in memory, the others in a temporary file, so that no capture is
/// in memory as a whole. Where no such file can be written, the worker waits for its turn. From then on records pass
/// straight through.
/// </summary>
/// <param name="sink">Where records go; this has it to itself from <see cref="TakeTurn"/> on.</param>
/// <param name="spillFolder">Where the temporary file may be; nothing of it is left, however the process ends.</param>
sealed class TurnSink(IRecordSink sink, string spillFolder) : IRecordSink
{
    /// <summary>About 80 KB a chunk: below the large object heap, and cheap where a capture has few flows.</summary>
    const int ChunkRecords = 256;

    /// <summary>About 20 MB.</summary>
    const int MaxChunks = 256;

    readonly List<FlowRecord[]> chunks = [];
    readonly ManualResetEventSlim turn = new();
    FileStream? spill;
    FlowRecord[] chunk = new FlowRecord[ChunkRecords];
    int used;
    volatile bool isAbandoned;

    /// <summary>Gets how many records are kept in memory.</summary>
    public int InMemory => (chunks.Count * ChunkRecords) + used;

    /// <summary>The captures before this one are written. From any thread.</summary>
    public void TakeTurn() => turn.Set();

    /// <summary>The turn will never come: records are dropped from now on. From any thread.</summary>
    public void Abandon()
    {
        isAbandoned = true;
        turn.Set();
    }

    public void BeginCapture(string name)
    {
    }

    public void Write(in FlowRecord record)
    {
        if (turn.IsSet)
        {
            PassOn(record);
            return;
        }

        chunk[used++] = record;
        if (used == ChunkRecords)
        {
            KeepChunk();
        }
    }

    /// <summary>Hands on what was kept, where it is the capture's turn; called last of all.</summary>
    public void Flush()
    {
        if (turn.IsSet && !isAbandoned)
        {
            Replay();
        }
    }

    public void Dispose()
    {
        spill?.Dispose();
        turn.Dispose();
    }

    void PassOn(in FlowRecord record)
    {
        if (isAbandoned)
        {
            return;
        }

        Replay();
        sink.Write(record);
    }

    void KeepChunk()
    {
        if (spill is null && chunks.Count < MaxChunks)
        {
            chunks.Add(chunk);
            (chunk, used) = (new FlowRecord[ChunkRecords], 0);
        }
        else if (TrySpill())
        {
            used = 0;
        }
        else
        {
            turn.Wait();
            Flush();
        }
    }

    /// <summary>Moves the chunk to the file; false where that cannot be written.</summary>
    bool TrySpill()
    {
        try
        {
            spill ??= OpenSpill();
            spill.Write(MemoryMarshal.AsBytes(chunk.AsSpan()));
            return true;
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            var length = MemoryMarshal.AsBytes(chunk.AsSpan()).Length;
            spill?.SetLength(spill.Length / length * length); // a chunk is there as a whole or not at all
            return false;
        }
    }

    FileStream OpenSpill()
    {
        var path = Path.Combine(spillFolder, $"serveflow-{Guid.NewGuid():N}.records");
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0);
        File.Delete(path); // open, it lives on without a name
        return file;
    }

    /// <summary>Hands on everything that was kept, in the order in which it came.</summary>
    void Replay()
    {
        foreach (var full in chunks)
        {
            Replay(full);
        }

        chunks.Clear();
        if (spill is not null)
        {
            ReplaySpill(spill);
        }

        Replay(chunk.AsSpan(0, used));
        used = 0;
    }

    void ReplaySpill(FileStream file)
    {
        var records = new FlowRecord[ChunkRecords];
        for (file.Position = 0; file.Position < file.Length;)
        {
            file.ReadExactly(MemoryMarshal.AsBytes(records.AsSpan()));
            Replay(records);
        }

        file.Dispose();
        spill = null;
    }

    void Replay(ReadOnlySpan<FlowRecord> records)
    {
        foreach (ref readonly var record in records)
        {
            sink.Write(record);
        }
    }
}
