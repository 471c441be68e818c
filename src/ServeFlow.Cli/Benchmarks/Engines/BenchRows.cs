using ServeFlow.Features;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>The same flows twice: as header records, which serving has, and as rows of floats, which the libraries
/// take.</summary>
sealed class BenchRows
{
    readonly IReadOnlyList<HeaderRecord[]> flows;
    readonly float[] values;

    /// <param name="flows">First packets of each flow; those beyond what the columns need are not looked at.</param>
    /// <param name="columns">Schema number of each column of the rows, in any order.</param>
    public BenchRows(IReadOnlyList<HeaderRecord[]> flows, FeatureSchema schema, IReadOnlyList<int> columns,
        CancellationToken cancel)
    {
        this.flows = flows;
        Columns = columns.Count;
        values = new float[flows.Count * Columns];
        int[] ascending = [.. columns.Order()];
        int[] places = [.. columns.Select(column => Array.BinarySearch(ascending, column))];
        var extracted = new float[Columns];
        for (var flow = 0; flow < Count; flow++)
        {
            cancel.ThrowIfCancellationRequested();
            schema.Extract(flows[flow], ascending, extracted);
            for (var c = 0; c < Columns; c++)
            {
                values[(flow * Columns) + c] = extracted[places[c]];
            }
        }
    }

    public int Count => flows.Count;

    public int Columns { get; }

    public ReadOnlySpan<HeaderRecord> Packets(int flow) => flows[flow];

    /// <returns>[count × columns], row-major.</returns>
    public Memory<float> Range(int first, int count) => values.AsMemory(first * Columns, count * Columns);

    public ReadOnlySpan<float> Row(int row) => values.AsSpan(row * Columns, Columns);
}
