namespace ServeFlow.Training.Trainers;

/// <summary>
/// Finds where a column may be split: between the values that occur, or at quantiles where those are many.
/// </summary>
static class CutPoints
{
    const int SampleRows = 4096;
    const int MaxCuts = 31;

    /// <returns>The thresholds of each column, ascending; a row goes left if its value is at most the
    /// threshold.</returns>
    public static double[][] Compute(IFlowRows rows)
    {
        var count = Math.Min(SampleRows, rows.Rows);
        var values = new SortedSet<float>[rows.Columns];
        for (var c = 0; c < values.Length; c++)
        {
            values[c] = [];
        }

        var row = new float[rows.Columns];
        for (var i = 0; i < count; i++)
        {
            rows.Read((int)((long)i * rows.Rows / count), row);
            for (var c = 0; c < row.Length; c++)
            {
                values[c].Add(row[c]);
            }
        }

        return Array.ConvertAll(values, Between);
    }

    static double[] Between(SortedSet<float> values)
    {
        // A sample may miss a header bit's rare value, so a column that looks like bits gets the cuts of bits.
        if (values.All(value => value is -1 or 0 or 1))
        {
            return [-0.5, 0.5];
        }

        float[] sorted = [.. values];
        var cuts = Math.Min(MaxCuts, sorted.Length - 1);
        return [.. Enumerable.Range(1, cuts).Select(i =>
        {
            var at = (int)((long)i * (sorted.Length - 1) / cuts);
            return ((double)sorted[at - 1] + sorted[at]) / 2;
        })];
    }
}
