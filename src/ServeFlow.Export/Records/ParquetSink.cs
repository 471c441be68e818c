using Parquet;
using Parquet.Schema;
using ServeFlow.Cascade;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Export.Records;

/// <summary>
/// Flows as Parquet, zstd-compressed: the columns of CSV, a row per flow or window. Times are
/// <c>timestamp[us, UTC]</c>; repeated texts are dictionary-encoded; what a flow does not have is null.
/// </summary>
public sealed class ParquetSink : IRecordSink
{
    /// <summary>About 50 MB gathered in memory; far fewer rows would cost compression.</summary>
    const int RowGroupRows = 1 << 16;

    readonly RecordContext context;
    readonly RecordKind rowKind;
    readonly IReadOnlyList<FlowColumn> columns;
    readonly RecordColumnBuffer[] buffers;
    readonly ParquetWriter writer;
    readonly Stream stream;
    int rows;

    /// <param name="stream">Receives the file; stays open.</param>
    public ParquetSink(Stream stream, CascadePlan plan, SinkOptions options)
    {
        this.stream = stream;
        context = new(plan, options);
        rowKind = FlowColumns.GetRowKind(plan);
        columns = FlowColumns.Create(plan, options with { NFStreamNames = false });
        buffers = [.. columns.Select(RecordColumnBuffer.Create)];
        writer = Wait(ParquetWriter.CreateAsync(new ParquetSchema([.. buffers.Select(buffer => buffer.Field)]), stream,
            new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }));
        writer.CustomMetadata = new Dictionary<string, string>
        {
            ["serveflow.model"] = plan.Name,
            ["serveflow.model_version"] = plan.Version,
        };
    }

    public bool WantsPredictions => rowKind == RecordKind.Prediction;

    public bool WantsEnds => rowKind == RecordKind.End;

    public long Pending => rows;

    public void BeginCapture(string name) => context.BeginCapture(name);

    public void Write(in FlowRecord record)
    {
        if (record.Kind != rowKind)
        {
            return;
        }

        Span<byte> scratch = stackalloc byte[FlowColumn.ScratchLength];
        for (var i = 0; i < buffers.Length; i++)
        {
            buffers[i].Add(columns[i].Read(record, context, scratch));
        }

        if (++rows == RowGroupRows)
        {
            WriteRowGroup();
        }
    }

    /// <summary>Does nothing: a row group is written when it is full, the last one at the end.</summary>
    public void Flush()
    {
    }

    public void Dispose()
    {
        if (rows > 0)
        {
            WriteRowGroup();
        }

        Wait(writer.DisposeAsync().AsTask());
        stream.Flush();
    }

    void WriteRowGroup()
    {
        using var group = writer.CreateRowGroup();
        foreach (var buffer in buffers)
        {
            Wait(buffer.WriteAsync(group));
        }

        rows = 0;
    }

    /// <summary>The package offers asynchronous calls alone; writing records is one thread's work.</summary>
    static void Wait(Task task) => task.GetAwaiter().GetResult();

    static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
