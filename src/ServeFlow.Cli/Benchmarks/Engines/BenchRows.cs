using ServeFlow.Features;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>The same flows twice: as header records, which serving has, and as rows of floats, which the libraries
/// take.</summary>
/// <param name="Count">Flows.</param>
/// <param name="Depth">Packets of each.</param>
/// <param name="Records">[flows × depth]</param>
/// <param name="Columns">Columns of a row.</param>
/// <param name="Values">[flows × columns], row-major.</param>
sealed record BenchRows(int Count, int Depth, HeaderRecord[] Records, int Columns, float[] Values)
{
    /// <param name="columns">Schema number of each column of the rows, in any order.</param>
    public static BenchRows Draw(RandomHeaders headers, FeatureSchema schema, IReadOnlyList<int> columns, int count,
        int depth, CancellationToken cancel)
    {
        var records = headers.Draw(count, depth, cancel);
        var values = new float[count * columns.Count];
        int[] ascending = [.. columns.Order()];
        int[] places = [.. columns.Select(column => Array.BinarySearch(ascending, column))];
        var extracted = new float[ascending.Length];
        for (var flow = 0; flow < count; flow++)
        {
            cancel.ThrowIfCancellationRequested();
            schema.Extract(records.AsSpan(flow * depth, depth), ascending, extracted);
            var row = values.AsSpan(flow * columns.Count, columns.Count);
            for (var c = 0; c < row.Length; c++)
            {
                row[c] = extracted[places[c]];
            }
        }

        return new(count, depth, records, columns.Count, values);
    }

    public ReadOnlySpan<HeaderRecord> Packets(int flow) => Records.AsSpan(flow * Depth, Depth);

    public Memory<float> Range(int first, int count) => Values.AsMemory(first * Columns, count * Columns);

    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Columns, Columns);
}
