using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace ServeFlow.Export.Tables;

/// <summary>Represents a column of a table: its name, and how a row becomes a cell of CSV and of Parquet.</summary>
public abstract class TableColumn<T>
{
    const long NanosecondsPerSecond = 1_000_000_000;

    const long NanosecondsPerTick = 100;

    TableColumn(DataField field) => Field = field;

    public string Name => Field.Name;

    internal DataField Field { get; }

    /// <summary>Creates a column of words.</summary>
    public static TableColumn<T> Text(string name, Func<T, string> value) => new Words(name, value);

    /// <summary>Creates a column of whole numbers.</summary>
    public static TableColumn<T> Whole(string name, Func<T, long> value) =>
        new Values<long>(new DataField<long>(name), value, row => $"{value(row)}");

    /// <summary>Creates a column of numbers; CSV has as many digits as tell any two apart.</summary>
    public static TableColumn<T> Number(string name, Func<T, double> value) => new Values<double>(
        new DataField<double>(name), value, row => value(row).ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Creates a column of times: Unix seconds with nine digits in CSV, microseconds in Parquet.</summary>
    /// <param name="value">Nanoseconds since the Unix epoch.</param>
    public static TableColumn<T> Time(string name, Func<T, long> value) => new Values<DateTime>(
        new DateTimeDataField(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros,
            isNullable: false), row => DateTime.UnixEpoch.AddTicks(value(row) / NanosecondsPerTick),
        row => $"{value(row) / NanosecondsPerSecond}.{value(row) % NanosecondsPerSecond:D9}");

    internal abstract string Cell(T row, bool isSafe);

    internal abstract Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyCollection<T> rows);

    sealed class Words(string name, Func<T, string> value)
        : TableColumn<T>(new DataField(name, typeof(string), isNullable: false))
    {
        internal override string Cell(T row, bool isSafe) => CsvCell.Format(value(row), isSafe);

        internal override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyCollection<T> rows) =>
            group.WriteAsync(Field, rows.Select(value).ToList());
    }

    sealed class Values<TValue>(DataField field, Func<T, TValue> value, Func<T, string> format) : TableColumn<T>(field)
        where TValue : struct
    {
        internal override string Cell(T row, bool isSafe) => format(row);

        internal override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyCollection<T> rows) =>
            group.WriteAsync<TValue>(Field, rows.Select(value).ToArray());
    }
}
