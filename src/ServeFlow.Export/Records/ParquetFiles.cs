using System.Globalization;
using ServeFlow.Cascade;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Export.Records;

/// <summary>
/// Parquet while records keep coming. A Parquet file can be read only once it is complete: a file gets its name then.
/// Into a directory goes a file for every million flows or hour of packet time, or whatever there is when that is asked
/// for; a single file is complete at the end. Unfinished files of killed runs are removed.
/// </summary>
public sealed class ParquetFiles : IRecordSink, IReopenable, IPartwise
{
    const int RowsPerFile = 1 << 20;
    const string NamePrefix = "flows-";
    const long NsPerFile = 3_600_000_000_000;

    readonly string path;
    readonly bool isDirectory;
    readonly CascadePlan plan;
    readonly SinkOptions options;
    ParquetFile? file;
    string capture = "";

    /// <summary>A record that came while there was no file for it.</summary>
    FlowRecord unopened;
    readonly RecordKind rows;
    bool hasUnopened;

    /// <param name="path">A directory, made where a name ends in '/', or a file.</param>
    /// <exception cref="IOException">Nothing can be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">Nothing can be made there.</exception>
    public ParquetFiles(string path, CascadePlan plan, SinkOptions options)
    {
        this.path = path;
        this.plan = plan;
        rows = FlowColumns.GetRowKind(plan);
        this.options = options;
        if (Path.EndsInDirectorySeparator(path))
        {
            Directory.CreateDirectory(path);
        }

        isDirectory = Directory.Exists(path);
        RemoveLeftBehind();
        if (!isDirectory)
        {
            file = new(path, plan, options);
        }
    }

    public bool WantsPredictions => rows == RecordKind.Prediction;

    public bool WantsEnds => rows == RecordKind.End;

    public long Pending => (file?.Pending ?? 0) + (hasUnopened ? 1 : 0);

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

        if (isDirectory && (file!.Rows >= RowsPerFile || record.TimestampNs - file.FirstNs >= NsPerFile))
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

    /// <summary>Completes the file; a single one goes on, as its name is one only.</summary>
    public void Reopen()
    {
        if (isDirectory)
        {
            Dispose();
        }
    }

    public void CompletePart()
    {
        if (isDirectory && file is { Rows: > 0 })
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        file?.Dispose();
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
        var time = DateTime.UnixEpoch.AddTicks(timestampNs / 100)
            .ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var begun = new ParquetFile(Path.Combine(path, $"{NamePrefix}{time}"), timestampNs, plan, options);
        begun.BeginCapture(capture);
        return begun;
    }

    void RemoveLeftBehind()
    {
        if (isDirectory)
        {
            PartialName.RemoveLeftBehind(path, name => name.StartsWith(NamePrefix, StringComparison.Ordinal)
                && name.EndsWith(ParquetFile.Extension, StringComparison.Ordinal));
        }
        else if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            PartialName.RemoveLeftBehind(folder, name => name == Path.GetFileName(path));
        }
    }
}
