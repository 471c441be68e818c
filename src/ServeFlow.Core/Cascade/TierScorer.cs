using ServeFlow.Features;
using ServeFlow.Models;

namespace ServeFlow.Cascade;

/// <summary>Joins a forest, which knows columns by name, to a schema, which knows them by number.</summary>
public static class TierScorer
{
    /// <summary>The schema's number of each of a forest's columns; 0 for columns that no tree tests.</summary>
    /// <param name="depth">Packets that the tier waits for: columns of later packets do not exist for it.</param>
    /// <param name="name">What errors call the model: its path.</param>
    /// <exception cref="InputException">A tree tests a column that the schema does not have.</exception>
    public static int[] Columns(Forest forest, FeatureSchema schema, int depth, string name)
    {
        var columns = new int[forest.ColumnNames.Count];
        foreach (var used in forest.UsedColumns)
        {
            if (!schema.TryFindColumn(forest.ColumnNames[used], depth, out columns[used]))
            {
                throw Throw.UnknownColumn(name, forest.ColumnNames[used], depth, schema.Set);
            }
        }

        return columns;
    }

    /// <summary>A new scorer for one worker.</summary>
    public static IScorer Create(Forest forest, IReadOnlyList<int> columns) => new ReferenceScorer(forest, columns);
}
