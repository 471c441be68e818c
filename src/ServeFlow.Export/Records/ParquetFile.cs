using ServeFlow.Cascade;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Export.Records;

/// <summary>Is one Parquet file in the making, beside its place until it is complete.</summary>
sealed class ParquetFile : IDisposable
{
    readonly string path;
    readonly string temporary;
    readonly AppendStream medium;
    readonly StagedStream staged;
    readonly ParquetSink sink;

    /// <param name="path">The place.</param>
    /// <param name="firstNs">Packet time of its first record.</param>
    public ParquetFile(string path, long firstNs, CascadePlan plan, SinkOptions options)
    {
        this.path = path;
        FirstNs = firstNs;
        temporary = $"{path}.{Guid.NewGuid():N}.partial";
        medium = AppendStream.Open(temporary);
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
        medium.Dispose();
        File.Move(temporary, path, overwrite: true);
    }
}
