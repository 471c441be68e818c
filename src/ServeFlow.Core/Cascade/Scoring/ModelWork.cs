using ServeFlow.Models;

namespace ServeFlow.Cascade.Scoring;

/// <summary>
/// Counts what a model has to do for a flow. Counted in the model itself, so it is the same on every machine and at any
/// load, whatever engine serves the model there.
/// </summary>
/// <param name="Trees">Trees, over all classes; 0 where the model is no forest.</param>
/// <param name="Nodes">Branches of all trees.</param>
/// <param name="Planes">Different questions that the branches ask: a column compared with a threshold.</param>
/// <param name="Columns">Columns that the model reads.</param>
/// <param name="Bytes">Bytes of the weights where the model is no forest; 0 of a forest.</param>
public readonly record struct ModelWork(long Trees, long Nodes, long Planes, long Columns, long Bytes)
{
    /// <summary>Counts the work of a forest.</summary>
    public static ModelWork From(Forest forest) => new(
        forest.Trees.Count,
        forest.Trees.Sum(tree => (long)tree.Columns.Length),
        forest.Trees.SelectMany(tree => tree.Columns.Zip(tree.Thresholds)).Distinct().Count(),
        forest.UsedColumns.Count,
        0);
}
