namespace ServeFlow.Training.Trainers;

/// <summary>
/// Finds the columns worth training on: those that are not constant over the rows, and of columns that are equal in
/// every row the first. Header bits repeat each other a lot (a version bit here, an absent option there), so this
/// leaves a fraction of the columns and all of the information.
/// </summary>
sealed class ColumnSurvey
{
    readonly float[] first;
    readonly bool[] varies;

    /// <summary>Σ over rows of value · key(row), modulo 2^64: equal columns have equal sums, and sums of row ranges
    /// add up. That two different columns of a data set collide has a chance of about 2^−64.</summary>
    readonly ulong[] hashes;

    ColumnSurvey(float[] first)
    {
        this.first = first;
        varies = new bool[first.Length];
        hashes = new ulong[first.Length];
    }

    /// <returns>Places of the kept columns, ascending.</returns>
    public static int[] DistinctColumns(IFlowRows rows, int threads, CancellationToken cancel)
    {
        if (rows.Rows == 0)
        {
            return [];
        }

        var first = new float[rows.Columns];
        rows.Read(0, first);
        var total = new ColumnSurvey(first);
        var gate = new Lock();
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel };
        Parallel.For(0, rows.Rows, options, () => (Survey: new ColumnSurvey(first), Row: new float[rows.Columns]),
            (r, _, local) =>
            {
                rows.Read(r, local.Row);
                local.Survey.Add(local.Row, Key((ulong)r));
                return local;
            },
            local =>
            {
                lock (gate)
                {
                    total.Add(local.Survey);
                }
            });
        return total.Kept();
    }

    void Add(float[] row, ulong key)
    {
        for (var c = 0; c < row.Length; c++)
        {
            varies[c] |= row[c] != first[c];
            var bits = (ulong)BitConverter.SingleToUInt32Bits(row[c]);
            // Small numbers as floats end in many zero bits, which would waste as many bits of the key.
            hashes[c] += (bits + (bits >> 23)) * key;
        }
    }

    void Add(ColumnSurvey other)
    {
        for (var c = 0; c < first.Length; c++)
        {
            varies[c] |= other.varies[c];
            hashes[c] += other.hashes[c];
        }
    }

    int[] Kept()
    {
        var seen = new HashSet<ulong>();
        return [.. Enumerable.Range(0, first.Length).Where(c => varies[c] && seen.Add(hashes[c]))];
    }

    /// <summary>SplitMix64's output function (Steele, Lea, Flood 2014): a well mixed key for each row.</summary>
    static ulong Key(ulong row)
    {
        var z = (row + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
