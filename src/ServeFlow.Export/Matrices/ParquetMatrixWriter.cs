using System.IO.Compression;
using Parquet.Schema;
using Parquet;
using ServeFlow.Features.Matrices;

namespace ServeFlow.Export.Matrices;

/// <summary>
/// A feature matrix as Parquet, zstd-compressed: the flow's columns, then one per feature, <c>int8</c> for bits and
/// <c>float</c> for sizes and times. docs/formats/features.md lists them.
/// </summary>
public sealed class ParquetMatrixWriter : IMatrixWriter
{
    /// <summary>Specifies the number of values that a row group gathers in memory: 64 MiB of bits.</summary>
    const int RowGroupValues = 1 << 26;

    /// <summary>Limits the rows of a row group: more make it no smaller on disk.</summary>
    const int MaxRowGroupRows = 1 << 16;

    readonly Stream output;
    readonly MatrixLayout layout;
    readonly ParquetSchema schema;
    readonly ParquetWriter writer;
    readonly List<MatrixRow> flows = [];
    readonly FeatureColumnBuffer[] buffers;
    readonly int rowGroupRows;

    public ParquetMatrixWriter(Stream output, MatrixLayout layout) : this(output, layout, RowGroupValues)
    {
    }

    internal ParquetMatrixWriter(Stream output, MatrixLayout layout, int rowGroupValues)
    {
        this.output = output;
        this.layout = layout;
        rowGroupRows = Math.Clamp(rowGroupValues / layout.Columns, 1, MaxRowGroupRows);
        buffers = [.. Enumerable.Range(0, layout.Columns).Select(column => FeatureColumnBuffer.Create(layout, column))];
        schema = new([.. FlowFields(layout), .. buffers.Select(buffer => buffer.Field)]);
        writer = Wait(ParquetWriter.CreateAsync(schema, output, new ParquetOptions
        {
            CompressionMethod = CompressionMethod.Zstd,
            // Thousands of short columns: the default level took 20 times as long for a third less.
            CompressionLevel = CompressionLevel.Fastest,
        }));
        writer.CustomMetadata = new Dictionary<string, string>
        {
            ["serveflow.features"] = layout.Schema.Set,
            ["serveflow.mask"] = layout.Schema.Mask,
            ["serveflow.schema"] = layout.Schema.Hash,
        };
    }

    internal ParquetSchema Schema => schema;

    public void Write(in MatrixRow flow, ReadOnlySpan<float> values)
    {
        flows.Add(flow);
        for (var column = 0; column < buffers.Length; column++)
        {
            buffers[column].Add(values[column]);
        }

        if (flows.Count == rowGroupRows)
        {
            WriteRowGroup();
        }
    }

    public void Complete()
    {
        if (flows.Count > 0)
        {
            WriteRowGroup();
        }

        Wait(writer.DisposeAsync().AsTask());
        output.Flush();
    }

    public void Dispose() => output.Dispose();

    static IEnumerable<DataField> FlowFields(MatrixLayout layout)
    {
        yield return new DataField("pcap", typeof(string), isNullable: false);
        yield return new DataField("src", typeof(string), isNullable: false);
        yield return new DataField<ushort>("sport");
        yield return new DataField("dst", typeof(string), isNullable: false);
        yield return new DataField<ushort>("dport");
        yield return new DataField("proto", typeof(string), isNullable: false);
        yield return new DateTimeDataField("first_ts", DateTimeFormat.Timestamp, isAdjustedToUTC: true,
            DateTimeTimeUnit.Micros, isNullable: false);
        if (layout.HasWindows)
        {
            yield return new DataField<long>("window");
        }

        if (layout.HasLabels)
        {
            yield return new DataField("label", typeof(string), isNullable: false);
        }
    }

    void WriteRowGroup()
    {
        using var group = writer.CreateRowGroup();
        WriteTexts(group, "pcap", flow => flow.Capture);
        WriteTexts(group, "src", flow => flow.Source.ToString());
        WriteValues(group, "sport", flow => flow.SourcePort);
        WriteTexts(group, "dst", flow => flow.Destination.ToString());
        WriteValues(group, "dport", flow => flow.DestinationPort);
        WriteTexts(group, "proto", flow => flow.ProtocolText);
        WriteValues(group, "first_ts", flow => DateTime.UnixEpoch.AddTicks(flow.FirstNs / 100));
        if (layout.HasWindows)
        {
            WriteValues(group, "window", flow => flow.Window);
        }

        if (layout.HasLabels)
        {
            WriteTexts(group, "label", flow => flow.Label ?? "");
        }

        foreach (var buffer in buffers)
        {
            Wait(buffer.WriteAsync(group));
        }

        flows.Clear();
    }

    void WriteTexts(ParquetRowGroupWriter group, string name, Func<MatrixRow, string> value) =>
        Wait(group.WriteAsync(schema.FindDataField(name), flows.ConvertAll(flow => value(flow))));

    void WriteValues<T>(ParquetRowGroupWriter group, string name, Func<MatrixRow, T> value) where T : struct =>
        Wait(group.WriteAsync<T>(schema.FindDataField(name), flows.ConvertAll(flow => value(flow)).ToArray()));

    /// <summary>The package offers asynchronous calls alone; writing a matrix is one thread's work.</summary>
    static void Wait(Task task) => task.GetAwaiter().GetResult();

    static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
