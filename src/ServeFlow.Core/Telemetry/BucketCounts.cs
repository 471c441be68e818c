namespace ServeFlow.Telemetry;

/// <summary>
/// Counts values by their size, a row of buckets for each series, as a histogram shows them. Written by one thread and
/// readable from any; each number is exact by itself. Allocates nothing after it has grown.
/// </summary>
public sealed class BucketCounts
{
    readonly double[] bounds;
    long[] counts;
    double[] sums;

    /// <param name="bounds">The upper bound of each bucket but the last, which has all beyond; rising.</param>
    /// <param name="rows">The number of series.</param>
    internal BucketCounts(ReadOnlySpan<double> bounds, int rows)
    {
        this.bounds = bounds.ToArray();
        counts = new long[rows * Width];
        sums = new double[rows];
    }

    /// <summary>Gets the upper bound of each bucket but the last.</summary>
    public IReadOnlyList<double> Bounds => bounds;

    int Width => bounds.Length + 1;

    /// <summary>Copies the counts of a series, one more than the bounds; zeros for a series that came later.</summary>
    public long[] Counts(int row) => Volatile.Read(ref counts) is var all && (row + 1) * Width <= all.Length
        ? all.AsSpan(row * Width, Width).ToArray()
        : new long[Width];

    /// <summary>Gets the sum of a series' values.</summary>
    public double Sum(int row) => Volatile.Read(ref sums) is var all && row < all.Length ? all[row] : 0;

    /// <summary>Makes room for more series and keeps the counts.</summary>
    /// <param name="rows">The number of series.</param>
    internal void Grow(int rows)
    {
        CountArray.Grow(ref counts, rows * Width);
        CountArray.Grow(ref sums, rows);
    }

    internal void Count(int row, double value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > bounds[bucket])
        {
            bucket++;
        }

        counts[(row * Width) + bucket]++;
        sums[row] += value;
    }

    /// <summary>Adds counts that have the same bounds.</summary>
    internal void Add(BucketCounts other)
    {
        CountArray.Add(ref counts, Volatile.Read(ref other.counts));
        CountArray.Add(ref sums, Volatile.Read(ref other.sums));
    }
}
