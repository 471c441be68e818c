using System.Globalization;
using ServeFlow.Cascade;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Export.Records;

/// <summary>
/// Parquet into a directory, a file for every million flows or hour of packet time, or whatever there is when that is
/// asked for. A file gets its name when it is complete. Unfinished files of killed runs are removed.
/// </summary>
public sealed class ParquetFiles : IRecordSink, IReopenable, IPartwise
{
    const int RowsPerFile = 1 << 20;
    const string NamePrefix = "flows-";
    const long NsPerFile = 3_600_000_000_000;

    readonly string path;
    readonly CascadePlan plan;
    readonly SinkOptions options;
    ParquetFile? file;
    string capture = "";

    /// <summary>Holds a record that came while there was no file for it.</summary>
    FlowRecord unopened;
    readonly RecordKind rows;
    bool hasUnopened;
    long completed;

    /// <param name="path">The directory, made where there is none.</param>
    /// <exception cref="IOException">Nothing can be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing can be made there.</exception>
    public ParquetFiles(string path, CascadePlan plan, SinkOptions options)
    {
        this.path = path;
        this.plan = plan;
        rows = FlowColumns.GetRowKind(plan);
        this.options = options;
        Directory.CreateDirectory(path);
        PartialName.RemoveLeftBehind(path, name => name.StartsWith(NamePrefix, StringComparison.Ordinal)
            && name.EndsWith(ParquetFile.Extension, StringComparison.Ordinal));
    }

    public bool WantsPredictions => rows == RecordKind.Prediction;

    public bool WantsEnds => rows == RecordKind.End;

    public long Pending => (file?.Pending ?? 0) + (hasUnopened ? 1 : 0);

    /// <summary>Gets a bound of what all files since the start, or since they were reopened, have together.</summary>
    public long Bytes => completed + (file?.Bytes ?? 0);

    public long MeasureBytes() => completed + (file?.MeasureBytes() ?? 0);

    public void BeginCapture(string name)
    {
        capture = name;
        file?.BeginCapture(name);
    }

    public void Write(in FlowRecord record)
    {
        if (record.Kind != rows)
        {
            return;
        }

        if (file is null)
        {
            (unopened, hasUnopened) = (record, true);
            OpenNext();
        }
        else
        {
            file.Write(record);
        }

        if (file!.Rows >= RowsPerFile || record.TimestampNs - file.FirstNs >= NsPerFile)
        {
            Dispose();
        }
    }

    public void Flush()
    {
        if (file is { IsClosed: true })
        {
            Dispose();
        }

        if (hasUnopened)
        {
            OpenNext();
        }

        file?.Flush();
    }

    /// <summary>Completes the file; the next ones may have as many bytes again.</summary>
    public void Reopen()
    {
        Dispose();
        completed = 0;
    }

    public void CompletePart()
    {
        if (file is { Rows: > 0 })
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        file?.Dispose();
        completed += file?.Bytes ?? 0;
        file = null;
    }

    void OpenNext()
    {
        file = Begin(unopened.TimestampNs);
        hasUnopened = false;
        file.Write(unopened);
    }

    ParquetFile Begin(long timestampNs)
    {
        Directory.CreateDirectory(path);
        var time = DateTime.UnixEpoch.AddTicks(timestampNs / 100)
            .ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var begun = new ParquetFile(Path.Combine(path, $"{NamePrefix}{time}"), timestampNs, plan, options);
        begun.BeginCapture(capture);
        return begun;
    }
}
