using Parquet;
using Parquet.Schema;
using ServeFlow.Cascade;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Export.Records;

/// <summary>
/// The rows of the row group that is being gathered: the columns of CSV, a row per flow or window. Times are
/// <c>timestamp[us, UTC]</c>; repeated texts are dictionary-encoded; what a flow does not have is null.
/// </summary>
sealed class ParquetRows
{
    /// <summary>Limits a row group: about 50 MB gathered in memory. Far fewer rows would cost compression.</summary>
    public const int GroupRows = 1 << 16;

    /// <summary>Bounds what a row takes on disk until row groups have shown less.</summary>
    const long MaxRowBytes = 512;

    /// <summary>Bounds how many times more a row may take than those before it.</summary>
    const int Caution = 4;

    /// <summary>Exceeds what a row group takes in the index, for each column.</summary>
    const int ColumnBytes = 256;

    readonly CascadePlan plan;
    readonly ServedPlans? tasks;
    readonly RecordContext context;
    readonly IReadOnlyList<FlowColumn> columns;
    readonly RecordColumnBuffer[] buffers;
    readonly ParquetSchema schema;
    long rowBytes = MaxRowBytes;

    public ParquetRows(CascadePlan plan, SinkOptions options)
    {
        (this.plan, tasks) = (plan, options.TaskPlans);
        context = new(plan, options);
        Kind = FlowColumns.GetRowKind(plan);
        columns = FlowColumns.Create(plan, options with { NFStreamNames = false });
        buffers = [.. columns.Select(RecordColumnBuffer.Create)];
        schema = new([.. buffers.Select(buffer => buffer.Field)]);
    }

    /// <summary>Gets which records are rows.</summary>
    public RecordKind Kind { get; }

    /// <summary>Gets the rows that were gathered.</summary>
    public int Count { get; private set; }

    /// <summary>Gets a bound of what a row group's place in the index takes.</summary>
    public long IndexBytes => (long)ColumnBytes * buffers.Length;

    public void BeginCapture(string name) => context.BeginCapture(name);

    public void Add(in FlowRecord record)
    {
        context.Use(record.Model);
        Span<byte> scratch = stackalloc byte[FlowColumn.ScratchLength];
        for (var i = 0; i < buffers.Length; i++)
        {
            buffers[i].Add(columns[i].Read(record, context, scratch));
        }

        Count++;
    }

    /// <summary>Gets a bound of what a number of rows add to a row group on disk.</summary>
    public long MaxBytes(long rows) => rows * rowBytes;

    /// <summary>Begins a file, or goes on in one whose index is at the end of the stream.</summary>
    public ParquetWriter Open(Stream stream, bool append = false)
    {
        var writer = Wait(ParquetWriter.CreateAsync(schema, stream,
            new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }, append));
        writer.CustomMetadata = tasks is not null
            ? Enumerable.Range(0, tasks.Tasks).SelectMany(task => NameModel(tasks[task],
                $"serveflow.{TaskSet.ToColumn(tasks[task].Task)}.")).ToDictionary()
            : NameModel(plan, "serveflow.").ToDictionary();
        return writer;
    }

    static IEnumerable<KeyValuePair<string, string>> NameModel(CascadePlan plan, string prefix) =>
        [new(prefix + "model", plan.Name), new(prefix + "model_version", plan.Version)];

    /// <summary>Writes the rows as a row group; they stay.</summary>
    /// <param name="stream">What the writer writes to.</param>
    public void WriteGroup(ParquetWriter writer, Stream stream)
    {
        var before = stream.Position;
        using (var group = writer.CreateRowGroup())
        {
            foreach (var buffer in buffers)
            {
                Wait(buffer.WriteAsync(group));
            }
        }

        rowBytes = Math.Min(MaxRowBytes, Caution * (1 + ((stream.Position - before) / Count)));
    }

    /// <summary>Forgets the first rows.</summary>
    public void Remove(int rows)
    {
        Array.ForEach(buffers, buffer => buffer.Remove(rows));
        Count -= rows;
    }

    /// <summary>Writes the index, which ends a file.</summary>
    public static void Close(ParquetWriter writer) => Wait(writer.DisposeAsync().AsTask());

    /// <summary>The package offers asynchronous calls alone; writing records is one thread's work.</summary>
    static void Wait(Task task) => task.GetAwaiter().GetResult();

    static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
