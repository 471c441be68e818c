using ServeFlow.Cascade;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Export.Records;

/// <summary>Represents one Parquet file in the making, beside its place until it is complete.</summary>
sealed class ParquetFile : IDisposable
{
    /// <summary>The end of the names that files in a directory have.</summary>
    public const string Extension = ".parquet";

    readonly string stem;
    string temporary;
    AppendStream medium;
    readonly StagedStream staged;
    readonly ParquetSink sink;

    /// <summary>A file that gets the first name that is free when it is complete: of two writers none replaces the
    /// other's.</summary>
    /// <param name="stem">The place, without number and extension.</param>
    /// <param name="firstNs">Packet time of its first record.</param>
    public ParquetFile(string stem, long firstNs, CascadePlan plan, SinkOptions options)
    {
        this.stem = stem;
        FirstNs = firstNs;
        (temporary, medium) = PartialName.Open(stem + Extension, AppendStream.Open);
        staged = new(medium);
        sink = new(staged, plan, options);
    }

    public long FirstNs { get; }

    public long Rows { get; private set; }

    /// <summary>Gets whether nothing more belongs in it, though it may not have its name yet.</summary>
    public bool IsClosed { get; private set; }

    public long Pending => sink.Pending + staged.Records;

    /// <summary>Gets a bound of what the file will have if it is completed now.</summary>
    public long Bytes => sink.Bytes;

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

    /// <summary>Ends the row group, so that its size is known.</summary>
    public long MeasureBytes()
    {
        staged.Add(sink.Pending);
        return sink.MeasureBytes();
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
        if (!File.Exists(temporary))
        {
            WriteAgain();
        }

        MoveToFreeName();
        medium.Dispose(); // locked under its temporary name to the last
    }

    /// <summary>Somebody removed the file, or its directory, while it was written: what it holds is still there.
    /// </summary>
    void WriteAgain()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
        var (name, copy) = PartialName.Open(stem + Extension, AppendStream.Open);
        try
        {
            medium.WriteAllTo(copy);
        }
        catch
        {
            copy.Dispose();
            File.Delete(name);
            throw;
        }

        medium.Dispose();
        (temporary, medium) = (name, copy);
    }

    void MoveToFreeName()
    {
        var name = stem + Extension;
        for (var i = 2; !TryMove(name); i++)
        {
            name = $"{stem}-{i}{Extension}";
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
