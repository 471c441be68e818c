namespace ServeFlow.Sinks.Files;

/// <summary>
/// Records in a text format, added to a file that can be read while it grows. A line that an earlier run left half
/// written is taken away first. Reopened, it goes on in whatever then has the file's name, as log rotation wants; also
/// where the old file could not be written any more: it is let go of, so that the space of a deleted file is freed, and
/// what it did not take goes to the new one.
/// </summary>
public sealed class LogFileSink : IRecordSink, IReopenable
{
    /// <summary>About a megabyte, and enough that writing them out costs nothing.</summary>
    const int MaxUnwritten = 4096;

    /// <summary>Exceeds any record's line; a file without a line end in that many bytes is no log of ours.</summary>
    const int MaxLineLength = 1 << 16;

    readonly string path;
    readonly Creator create;
    readonly bool wantsEnds;

    /// <summary>Holds the latest records: at least all those that the sink holds, so that another one can write them.
    /// </summary>
    readonly List<FlowRecord> latest = [];

    AppendStream? file;
    WriteBehindStream? behind;
    IRecordSink? sink;
    string? capture;
    long found;

    /// <param name="path">The path of the file.</param>
    /// <param name="create">Makes the sink that writes to the file.</param>
    /// <exception cref="IOException">The file cannot be opened. A named pipe that has no reader yet is no error.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be opened.</exception>
    public LogFileSink(string path, Creator create)
    {
        this.path = path;
        this.create = create;
        using (var probe = create(Stream.Null, isNew: false))
        {
            WantsPredictions = probe.WantsPredictions;
            wantsEnds = probe.WantsEnds;
            Lookahead = probe.Lookahead;
        }

        try
        {
            Open();
        }
        catch (IOException) when (HasReaders)
        {
            // tried again with the first record
        }
    }

    /// <param name="isNew">Whether the file is empty: header lines belong in it.</param>
    public delegate IRecordSink Creator(Stream stream, bool isNew);

    public bool WantsPredictions { get; }

    public bool WantsEnds => wantsEnds;

    public int Lookahead { get; }

    /// <summary>
    /// Gets whether the file system keeps no locks, so that a second writer would not be noticed.
    /// </summary>
    public bool IsUnguarded => file is { IsUnguarded: true };

    /// <summary>Gets whether this is a named pipe: a reader that has gone may be followed by another.</summary>
    public bool HasReaders => FileStatus.IsPipe(path) && !path.StartsWith("/dev/", StringComparison.Ordinal)
        && !path.StartsWith("/proc/", StringComparison.Ordinal);

    public long Pending => sink?.Pending ?? latest.Count;

    /// <summary>Gets the number of bytes of the file, with what an earlier run left in it.</summary>
    public long Bytes => found + (sink?.Bytes ?? 0);

    public void BeginCapture(string name)
    {
        capture = name;
        sink?.BeginCapture(name);
    }

    public void Write(in FlowRecord record) => WriteMany(new(in record));

    public void WriteMany(ReadOnlySpan<FlowRecord> records)
    {
        Keep(records);
        if (sink is null)
        {
            Open();
            return;
        }

        sink.WriteMany(records);
        if (latest.Count >= MaxUnwritten)
        {
            Flush();
        }
    }

    public void WriteNote(ReadOnlySpan<byte> line) => Open().WriteNote(line);

    public void Flush()
    {
        Open().Flush();
        latest.Clear();
    }

    public void Reopen()
    {
        Release();
        Open();
    }

    public void Dispose()
    {
        if (sink is null && latest.Count == 0)
        {
            return;
        }

        Open().Dispose();
        latest.Clear();
        Close();
    }

    void Keep(ReadOnlySpan<FlowRecord> records)
    {
        foreach (ref readonly var record in records)
        {
            if (record.Kind == RecordKind.Prediction ? WantsPredictions : wantsEnds)
            {
                latest.Add(record);
            }
        }
    }

    /// <summary>
    /// Completes the file, or gives it up with those records kept that it has not taken. Where none is open, all that
    /// are kept wait for the next.
    /// </summary>
    void Release()
    {
        if (sink is null)
        {
            return;
        }

        try
        {
            sink.Flush();
            latest.Clear();
            sink.Dispose();
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            latest.RemoveRange(0, latest.Count - (int)Math.Min(Pending, latest.Count));
        }

        Close();
    }

    void Close()
    {
        sink = null;
        behind?.Dispose();
        behind = null;
        file?.Dispose();
        file = null;
    }

    IRecordSink Open()
    {
        if (sink is not null)
        {
            return sink;
        }

        file = AppendStream.Open(path);
        try
        {
            RemovePartialLine(path); // only now: it may have been another writer's line
            behind = new(file);
            found = file.Length;
            sink = create(behind, found == 0);
        }
        catch
        {
            Close();
            throw;
        }

        if (capture is not null)
        {
            sink.BeginCapture(capture);
        }

        WriteKept(sink);
        return sink;
    }

    /// <summary>Cuts a regular file back to its last whole line; leaves alone what is not there, or not ours.</summary>
    static void RemovePartialLine(string path)
    {
        if (!File.Exists(path) || new FileInfo(path) is not { Length: > 0 } info)
        {
            return;
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        var tail = new byte[Math.Min(MaxLineLength, info.Length)];
        var length = RandomAccess.Read(file, tail, info.Length - tail.Length);
        var end = tail.AsSpan(0, length).LastIndexOf((byte)'\n') + 1;
        if (end > 0 && end < length)
        {
            RandomAccess.SetLength(file, info.Length - length + end);
        }
    }

    /// <summary>The sink takes every record, also where it cannot write them yet.</summary>
    void WriteKept(IRecordSink opened)
    {
        Exception? failure = null;
        foreach (var record in latest)
        {
            try
            {
                opened.Write(record);
            }
            catch (Exception e) when (e.IsFileFailure)
            {
                failure = e;
            }
        }

        if (failure is not null)
        {
            throw new IOException(failure.Message, failure);
        }
    }
}
