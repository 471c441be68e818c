using ServeFlow.Cascade;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Export.Records;

/// <summary>
/// Writes one Parquet file that can be read while it grows. Its end, which is the row group that is being gathered and
/// the index, is written anew whenever a row group is full or a part is asked for: a killed run loses what came since.
/// The file replaces one of its name with its first part. Reopened, it goes on in a new file where its own has been
/// moved.
/// </summary>
public sealed class GrowingParquetSink : IRecordSink, IReopenable, IPartwise
{
    readonly string path;
    readonly ParquetJournal journal;
    readonly ParquetRows rows;
    GrowingFile? file;

    /// <summary>Holds the place at which the full row groups end.</summary>
    long start;

    /// <summary>Holds the index of the full row groups.</summary>
    byte[] index = [];

    /// <summary>Holds the number of bytes behind <see cref="start"/>.</summary>
    long endBytes;

    /// <summary>Holds the number of rows of the row group being gathered that the file has already.</summary>
    int written;

    bool isDue;
    bool isClosed;

    /// <param name="path">The file.</param>
    /// <exception cref="FileInUseException">Another run writes it.</exception>
    /// <exception cref="IOException">Nothing can be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing can be made there.</exception>
    public GrowingParquetSink(string path, CascadePlan plan, SinkOptions options)
    {
        this.path = Path.GetFullPath(path);
        rows = new(plan, options);
        journal = ParquetJournal.Open(this.path, out var rescued);
        Rescued = rescued;
        PartialName.RemoveLeftBehind(Path.GetDirectoryName(this.path)!, name => name == Path.GetFileName(this.path));
    }

    /// <summary>Gets the name that the file of a killed run has got; null where there was none.</summary>
    public string? Rescued { get; }

    public bool WantsPredictions => rows.Kind == RecordKind.Prediction;

    public bool WantsEnds => rows.Kind == RecordKind.End;

    public long Pending => rows.Count - written;

    /// <summary>Gets a bound of what the file has with all rows.</summary>
    public long Bytes => start + endBytes + rows.MaxBytes(Pending)
        + (written == 0 && Pending > 0 ? rows.IndexBytes : 0);

    public void BeginCapture(string name) => rows.BeginCapture(name);

    public void Write(in FlowRecord record)
    {
        if (record.Kind != rows.Kind)
        {
            return;
        }

        rows.Add(record);
        if (rows.Count >= ParquetRows.GroupRows)
        {
            WriteEnd();
        }
    }

    /// <summary>Tries again what has failed; a part is written when it is due.</summary>
    public void Flush()
    {
        if (isDue)
        {
            WriteEnd();
        }
    }

    /// <summary>Writes what was gathered; the file goes on.</summary>
    public void CompletePart()
    {
        if (Pending > 0)
        {
            WriteEnd();
        }
    }

    /// <summary>Writes the part, so that its size is known; where it cannot be written, the bound stays.</summary>
    public long MeasureBytes()
    {
        try
        {
            CompletePart();
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            // the next flush tries again, and says what is wrong
        }

        return Bytes;
    }

    public void Reopen()
    {
        if (file is null || file.IsAt(path))
        {
            return;
        }

        try
        {
            CompletePart();
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            // The old file takes no more: its rows that are not written go to the new one.
        }

        rows.Remove(written);
        file.Dispose();
        (file, start, index, endBytes, written, isDue) = (null, 0, [], 0, 0, rows.Count > 0);
        Flush();
    }

    /// <summary>Completes the file; may be called again where the medium failed.</summary>
    public void Dispose()
    {
        if (isClosed)
        {
            return;
        }

        // A run without a row leaves an older file alone: it may have failed before it began.
        if (Pending > 0 || (file is null && !File.Exists(path)))
        {
            WriteEnd();
        }

        isClosed = true;
        file?.Dispose();
        journal.Remove();
    }

    void WriteEnd()
    {
        isDue = true;
        var end = ParquetTail.Create(rows, start, index);
        if (file is null)
        {
            file = GrowingFile.Create(path, end, journal);
        }
        else
        {
            file.Replace(start, end, journal);
        }

        (isDue, written, endBytes) = (false, rows.Count, end.Length);
        if (rows.Count >= ParquetRows.GroupRows)
        {
            index = end[^ParquetTail.IndexLength(end)..];
            start += end.Length - index.Length;
            (written, endBytes) = (0, index.Length);
            rows.Remove(rows.Count);
        }
    }
}
