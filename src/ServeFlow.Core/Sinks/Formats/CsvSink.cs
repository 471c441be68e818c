using System.Buffers;
using System.Text;
using ServeFlow.Cascade;

namespace ServeFlow.Sinks.Formats;

/// <summary>
/// Comma-separated values (RFC 4180, lines ended by LF): a header line, then a row per flow, when it ends, or per
/// window, when it is answered. Fields that a flow does not have are empty. Control characters of names are escaped.
/// </summary>
public sealed class CsvSink : IRecordSink
{
    /// <summary>Lists the bytes that make a field need quotes.</summary>
    static readonly SearchValues<byte> Special = SearchValues.Create(",\"\r\n"u8);

    readonly ByteOutput output;
    readonly RecordContext context;
    readonly IReadOnlyList<FlowColumn> columns;

    /// <param name="stream">Receives the lines; stays open.</param>
    public CsvSink(Stream stream, CascadePlan plan, SinkOptions options)
    {
        output = new(stream);
        context = new(plan, options, text => Encoding.UTF8.GetBytes(CsvCell.Escape(text, options.HasSafeCells)));
        columns = FlowColumns.Create(plan, options);
        if (options.HasHeader)
        {
            output.Append(Encoding.UTF8.GetBytes(string.Join(',', columns.Select(column => column.Name)) + "\n"));
        }
    }

    public bool WantsPredictions => context.Rows == RecordKind.Prediction;

    public bool WantsEnds => context.Rows == RecordKind.End;

    public long Pending => output.PendingRecords;

    public long Bytes => output.Bytes;

    public void BeginCapture(string name) => context.BeginCapture(name);

    public void Write(in FlowRecord record)
    {
        if (record.Kind != context.Rows)
        {
            return;
        }

        context.Use(record.Model);
        Span<byte> scratch = stackalloc byte[FlowColumn.ScratchLength];
        for (var i = 0; i < columns.Count; i++)
        {
            if (i > 0)
            {
                output.Append((byte)',');
            }

            Append(columns[i].Read(record, context, scratch));
        }

        output.Append((byte)'\n');
        output.EndRecord();
    }

    public void Flush() => output.Flush();

    public void Dispose() => output.Dispose();

    void Append(FieldValue value)
    {
        if (!value.HasValue)
        {
            return;
        }

        switch (value.Kind)
        {
            case FieldKind.Integer:
                output.AppendInteger(value.Integer);
                break;
            case FieldKind.Real:
                output.AppendReal(value.Real);
                break;
            case FieldKind.Time:
                output.Advance(FieldText.Timestamp(value.Integer, output.GetSpan(FieldText.MaxLength)));
                break;
            default:
                AppendText(value.Text);
                break;
        }
    }

    void AppendText(ReadOnlySpan<byte> text)
    {
        if (!text.ContainsAny(Special))
        {
            output.Append(text);
            return;
        }

        output.Append((byte)'"');
        foreach (var c in text)
        {
            if (c == '"')
            {
                output.Append(c);
            }

            output.Append(c);
        }

        output.Append((byte)'"');
    }
}
