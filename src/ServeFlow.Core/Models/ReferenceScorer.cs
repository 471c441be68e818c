namespace ServeFlow.Models;

/// <summary>
/// Walks every tree for every row, in double: slow and obvious. What any faster engine must equal.
/// </summary>
public sealed class ReferenceScorer : IScorer
{
    readonly Forest forest;
    readonly int[] columns;
    readonly int[] columnIndexes;
    readonly double[] row;
    readonly double[] sums;

    /// <param name="schemaColumns">The schema's column number for each of the forest's columns; read for
    /// <see cref="Forest.UsedColumns"/> alone, so that the others may hold anything.</param>
    public ReferenceScorer(Forest forest, IReadOnlyList<int> schemaColumns)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(schemaColumns.Count, forest.ColumnNames.Count);
        this.forest = forest;
        columns = [.. forest.UsedColumns.Select(column => schemaColumns[column]).Distinct().Order()];
        columnIndexes = new int[forest.ColumnNames.Count];
        foreach (var column in forest.UsedColumns)
        {
            columnIndexes[column] = Array.BinarySearch(columns, schemaColumns[column]);
        }

        row = new double[columns.Length];
        sums = new double[forest.Classes];
    }

    public int Classes => forest.Classes;

    public ReadOnlyMemory<int> Columns => columns;

    public void Score(ReadOnlySpan<float> rows, int count, Span<float> probabilities)
    {
        for (var i = 0; i < count; i++)
        {
            var values = rows.Slice(i * columns.Length, columns.Length);
            for (var c = 0; c < values.Length; c++)
            {
                // LightGBM's predictor drops what is this near to zero before its trees see it.
                row[c] = Math.Abs(values[c]) <= Tree.ZeroThreshold ? 0 : values[c];
            }

            SumTrees();
            ScoreTransforms.Apply(forest, sums);
            var output = probabilities.Slice(i * Classes, Classes);
            for (var k = 0; k < output.Length; k++)
            {
                output[k] = (float)sums[k];
            }
        }
    }

    void SumTrees()
    {
        Array.Clear(sums);
        for (var t = 0; t < forest.Trees.Count; t++)
        {
            sums[t % forest.TreesPerIteration] += Walk(forest.Trees[t]);
        }

        if (forest.AverageOutput)
        {
            for (var k = 0; k < forest.TreesPerIteration; k++)
            {
                sums[k] /= forest.Iterations;
            }
        }
    }

    double Walk(Tree tree)
    {
        var node = tree.Columns.Length == 0 ? ~0 : 0;
        while (node >= 0)
        {
            node = tree.Child(node, row[columnIndexes[tree.Columns[node]]]);
        }

        return tree.LeafValues[~node];
    }
}
