using ServeFlow.Cascade;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Export.Records;

/// <summary>Is one Parquet file in the making, beside its place until it is complete.</summary>
sealed class ParquetFile : IDisposable
{
    /// <summary>The end of the names that files in a directory have.</summary>
    public const string Extension = ".parquet";

    readonly string path;
    readonly bool isNumbered;
    readonly string temporary;
    readonly AppendStream medium;
    readonly StagedStream staged;
    readonly ParquetSink sink;

    /// <summary>A file that replaces what has its name when it is complete.</summary>
    public ParquetFile(string path, CascadePlan plan, SinkOptions options) : this(path, path, 0, plan, options)
    {
    }

    /// <summary>A file that gets the first name that is free then: of two writers none replaces the other's.</summary>
    /// <param name="stem">The place, without number and extension.</param>
    /// <param name="firstNs">Packet time of its first record.</param>
    public ParquetFile(string stem, long firstNs, CascadePlan plan, SinkOptions options)
        : this(stem, stem + Extension, firstNs, plan, options) => isNumbered = true;

    ParquetFile(string path, string first, long firstNs, CascadePlan plan, SinkOptions options)
    {
        this.path = path;
        FirstNs = firstNs;
        (temporary, medium) = PartialName.Open(first, AppendStream.Open);
        staged = new(medium);
        sink = new(staged, plan, options);
    }

    public long FirstNs { get; }

    public long Rows { get; private set; }

    /// <summary>Gets whether nothing more belongs in it, though it may not have its name yet.</summary>
    public bool IsClosed { get; private set; }

    public long Pending => sink.Pending + staged.Records;

    public void BeginCapture(string name) => sink.BeginCapture(name);

    /// <exception cref="IOException">The rows are kept; <see cref="Flush"/> tries again.</exception>
    public void Write(in FlowRecord record)
    {
        Rows++;
        var before = sink.Pending;
        sink.Write(record);
        if (sink.Pending <= before)
        {
            staged.Commit(before + 1); // a row group was completed
        }
    }

    /// <summary>Hands on the row groups that are complete.</summary>
    public void Flush() => staged.Commit(0);

    /// <summary>Completes the file and gives it its name; may be called again where the medium failed.</summary>
    public void Dispose()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            var rest = sink.Pending;
            sink.Dispose();
            staged.Add(rest);
        }

        staged.Commit(0);
        if (isNumbered)
        {
            MoveToFreeName();
        }
        else
        {
            File.Move(temporary, path, overwrite: true);
        }

        medium.Dispose(); // locked under its temporary name to the last
    }

    void MoveToFreeName()
    {
        var name = path + Extension;
        for (var i = 2; !TryMove(name); i++)
        {
            name = $"{path}-{i}{Extension}";
        }
    }

    bool TryMove(string name)
    {
        try
        {
            File.Move(temporary, name, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(name))
        {
            return false;
        }
    }
}
