using System.Text;
using Parquet;
using Parquet.Schema;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Export.Records;

/// <summary>Represents the values of one column of the row group that is being gathered; those that are absent are
/// null.</summary>
abstract class RecordColumnBuffer(DataField field)
{
    public DataField Field { get; } = field;

    public static RecordColumnBuffer Create(FlowColumn column) => column.Kind switch
    {
        FieldKind.Integer => new Values<long>(new DataField<long?>(column.Name), value => value.Integer),
        FieldKind.Real => new Values<double>(new DataField<double?>(column.Name), value => value.Real),
        FieldKind.Time => new Values<DateTime>(
            new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true,
                DateTimeTimeUnit.Micros, isNullable: true),
            value => DateTime.UnixEpoch.AddTicks(value.Integer / 100)),
        _ => new Texts(column.Name),
    };

    public abstract void Add(FieldValue value);

    /// <summary>Writes what was gathered, which stays.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group);

    /// <summary>Forgets the first <paramref name="rows"/> values.</summary>
    public abstract void Remove(int rows);

    delegate T Reader<T>(FieldValue value);

    sealed class Values<T>(DataField field, Reader<T> read) : RecordColumnBuffer(field) where T : struct
    {
        readonly List<T?> values = [];

        public override void Add(FieldValue value) => values.Add(value.HasValue ? read(value) : null);

        public override Task WriteAsync(ParquetRowGroupWriter group) =>
            group.WriteAsync<T>(Field, values.ToArray().AsMemory());

        public override void Remove(int rows) => values.RemoveRange(0, rows);
    }

    /// <summary>Equal texts in a row, as labels and file names are, share one string.</summary>
    sealed class Texts(string name) : RecordColumnBuffer(new DataField(name, typeof(string), isNullable: true))
    {
        readonly List<string?> values = [];
        readonly HashSet<string> known = [];

        public override void Add(FieldValue value) => values.Add(value.HasValue ? Shared(value.Text) : null);

        public override Task WriteAsync(ParquetRowGroupWriter group) => group.WriteAsync(Field, values!);

        public override void Remove(int rows)
        {
            values.RemoveRange(0, rows);
            known.Clear();
        }

        string Shared(ReadOnlySpan<byte> utf8)
        {
            var text = Encoding.UTF8.GetString(utf8);
            if (known.TryGetValue(text, out var same))
            {
                return same;
            }

            known.Add(text);
            return text;
        }
    }
}
