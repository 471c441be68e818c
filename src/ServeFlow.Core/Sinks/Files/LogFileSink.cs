namespace ServeFlow.Sinks.Files;

/// <summary>
/// Records in a text format, added to a file that can be read while it grows. A line that an earlier run left half
/// written is taken away first. Reopened, it goes on in whatever then has the file's name, as log rotation wants.
/// </summary>
public sealed class LogFileSink : IRecordSink, IReopenable
{
    readonly string path;
    readonly Creator create;
    AppendStream? file;
    WriteBehindStream? behind;
    IRecordSink? sink;
    string? capture;

    /// <param name="path">The path of the file.</param>
    /// <param name="create">Makes the sink that writes to the file.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file cannot be opened.</exception>
    public LogFileSink(string path, Creator create)
    {
        this.path = path;
        this.create = create;
        WantsPredictions = Open().WantsPredictions;
        Lookahead = Open().Lookahead;
    }

    /// <param name="isNew">Whether the file is empty: header lines belong in it.</param>
    public delegate IRecordSink Creator(Stream stream, bool isNew);

    public bool WantsPredictions { get; }

    public int Lookahead { get; }

    public long Pending => sink?.Pending ?? 0;

    public void BeginCapture(string name)
    {
        capture = name;
        Open().BeginCapture(name);
    }

    public void Write(in FlowRecord record) => Open().Write(record);

    public void WriteMany(ReadOnlySpan<FlowRecord> records) => Open().WriteMany(records);

    public void Flush() => Open().Flush();

    public void Reopen()
    {
        Dispose();
        Open();
    }

    public void Dispose()
    {
        sink?.Dispose();
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

        PartialLine.Remove(path);
        file = AppendStream.Open(path);
        behind = new(file);
        sink = create(behind, file.Length == 0);
        if (capture is not null)
        {
            sink.BeginCapture(capture);
        }

        return sink;
    }
}
