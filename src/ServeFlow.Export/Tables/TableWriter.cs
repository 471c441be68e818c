using System.Text;
using Parquet;
using Parquet.Schema;

namespace ServeFlow.Export.Tables;

/// <summary>Writes rows as a table: CSV with a header line (RFC 4180), or Parquet with zstd.</summary>
public static class TableWriter
{
    const int RowGroupRows = 1 << 16;

    /// <summary>Writes CSV and leaves the stream open.</summary>
    /// <param name="hasSafeCells">Whether cells that a spreadsheet would run as a formula are neutralised.</param>
    public static void WriteCsv<T>(Stream output, IReadOnlyList<TableColumn<T>> columns, IEnumerable<T> rows,
        bool hasSafeCells = false)
    {
        using var text = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        text.WriteLine(string.Join(',', columns.Select(column => CsvCell.Format(column.Name))));
        foreach (var row in rows)
        {
            text.WriteLine(string.Join(',', columns.Select(column => column.Cell(row, hasSafeCells))));
        }
    }

    /// <summary>Writes Parquet and leaves the stream open.</summary>
    public static void WriteParquet<T>(Stream output, IReadOnlyList<TableColumn<T>> columns, IEnumerable<T> rows) =>
        WriteParquetAsync(output, columns, rows).GetAwaiter().GetResult();

    static async Task WriteParquetAsync<T>(Stream output, IReadOnlyList<TableColumn<T>> columns, IEnumerable<T> rows)
    {
        var schema = new ParquetSchema([.. columns.Select(column => column.Field)]);
        var writer = await ParquetWriter.CreateAsync(schema, output,
            new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }).ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            foreach (var some in rows.Chunk(RowGroupRows))
            {
                using var group = writer.CreateRowGroup();
                foreach (var column in columns)
                {
                    await column.WriteAsync(group, some).ConfigureAwait(false);
                }
            }
        }
    }
}
