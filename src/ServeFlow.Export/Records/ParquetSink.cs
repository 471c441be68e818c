using Parquet;
using ServeFlow.Cascade;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Export.Records;

/// <summary>Flows as a Parquet file, zstd-compressed, that is complete at the end.</summary>
public sealed class ParquetSink : IRecordSink
{
    readonly ParquetRows rows;
    readonly ParquetWriter writer;
    readonly Stream stream;
    long indexBytes;

    /// <param name="stream">Receives the file; stays open.</param>
    public ParquetSink(Stream stream, CascadePlan plan, SinkOptions options)
    {
        this.stream = stream;
        rows = new(plan, options);
        writer = rows.Open(stream);
        indexBytes = rows.IndexBytes;
    }

    public bool WantsPredictions => rows.Kind == RecordKind.Prediction;

    public bool WantsEnds => rows.Kind == RecordKind.End;

    public long Pending => rows.Count;

    /// <summary>Gets a bound of what the file will have if it is completed now.</summary>
    public long Bytes => stream.Position + indexBytes + rows.MaxBytes(rows.Count)
        + (rows.Count > 0 ? rows.IndexBytes : 0);

    public void BeginCapture(string name) => rows.BeginCapture(name);

    public void Write(in FlowRecord record)
    {
        if (record.Kind != rows.Kind)
        {
            return;
        }

        rows.Add(record);
        if (rows.Count == ParquetRows.GroupRows)
        {
            WriteGroup();
        }
    }

    /// <summary>Does nothing: a row group is written when it is full, the last one at the end.</summary>
    public void Flush()
    {
    }

    /// <summary>Ends the row group, so that its size is known.</summary>
    public long MeasureBytes()
    {
        WriteGroup();
        return Bytes;
    }

    public void Dispose()
    {
        WriteGroup();
        ParquetRows.Close(writer);
        stream.Flush();
        indexBytes = 0; // written
    }

    void WriteGroup()
    {
        if (rows.Count > 0)
        {
            rows.WriteGroup(writer, stream);
            rows.Remove(rows.Count);
            indexBytes += rows.IndexBytes;
        }
    }
}
