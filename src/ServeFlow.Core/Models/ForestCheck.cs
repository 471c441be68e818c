namespace ServeFlow.Models;

/// <summary>
/// Checks that a forest can be walked without looking again: every index in range, every tree a tree.
/// </summary>
static class ForestCheck
{
    /// <summary>Far beyond any trained value; keeps sums over many trees finite, as floats too.</summary>
    const double MaxLeafValue = 1e30;

    /// <exception cref="InputException">Names the model, the tree and the field at fault.</exception>
    public static void Verify(Forest forest, string name)
    {
        if (forest.TreesPerIteration < 1 || forest.Trees.Count == 0
            || forest.Trees.Count % forest.TreesPerIteration != 0)
        {
            throw new InputException($"{name}: {forest.Trees.Count} trees are no whole number of iterations of "
                + $"num_tree_per_iteration={forest.TreesPerIteration}; the file is cut off or damaged");
        }

        if (forest.TreesPerIteration != (forest.Transform == ScoreTransform.Sigmoid ? 1 : forest.Classes))
        {
            throw new InputException($"{name}: num_tree_per_iteration={forest.TreesPerIteration} does not fit "
                + $"{forest.Classes} classes");
        }

        for (var i = 0; i < forest.Trees.Count; i++)
        {
            Verify(forest.Trees[i], forest, $"{name}: tree {i}");
        }
    }

    static void Verify(Tree tree, Forest forest, string where)
    {
        var nodes = tree.Columns.Length;
        RequireLength(tree.Thresholds.Length, nodes, "threshold", where);
        RequireLength(tree.LeftChildren.Length, nodes, "left_child", where);
        RequireLength(tree.RightChildren.Length, nodes, "right_child", where);
        RequireLength(tree.LeafValues.Length, nodes + 1, "leaf_value", where);
        if (tree.Missing.Length != 0 || tree.DefaultLeft.Length != 0)
        {
            RequireLength(tree.Missing.Length, nodes, "decision_type", where);
            RequireLength(tree.DefaultLeft.Length, nodes, "decision_type", where);
        }

        var column = Array.FindIndex(tree.Columns, c => c < 0 || c >= forest.ColumnNames.Count);
        if (column >= 0)
        {
            throw new InputException($"{where}: split_feature[{column}] is {tree.Columns[column]}, "
                + $"but there are {forest.ColumnNames.Count} columns");
        }

        // Infinite is fine: LightGBM writes it where a node asks for NaN alone.
        RequireWithin(tree.Thresholds, double.PositiveInfinity, "threshold", where);
        RequireWithin(tree.LeafValues, MaxLeafValue, "leaf_value", where);
        RequireReachedOnce(tree, where);
        if (forest.Transform == ScoreTransform.None && tree.LeafValues.Any(value => value is < 0 or > 1))
        {
            throw new InputException($"{where}: a leaf_value lies outside 0 to 1, so this model without an objective "
                + "gives no probabilities; train it with objective=multiclass, multiclassova or binary");
        }
    }

    static void RequireLength(int found, int expected, string field, string where)
    {
        if (found != expected)
        {
            throw new InputException($"{where}: {field} has {found} values, expected {expected}");
        }
    }

    static void RequireWithin(double[] values, double limit, string field, string where)
    {
        var at = Array.FindIndex(values, value => !(Math.Abs(value) <= limit));
        if (at >= 0)
        {
            throw new InputException($"{where}: {field}[{at}] is {values[at]}, expected a number of at most ±{limit}");
        }
    }

    /// <summary>Walks from the root; whatever is met twice closes a cycle or joins two branches.</summary>
    static void RequireReachedOnce(Tree tree, string where)
    {
        var nodes = tree.Columns.Length;
        if (nodes == 0)
        {
            return;
        }

        var nodeSeen = new bool[nodes];
        var leafSeen = new bool[nodes + 1];
        nodeSeen[0] = true;
        var open = new Stack<int>([0]);
        while (open.TryPop(out var node))
        {
            Reach(tree.LeftChildren[node], $"left_child[{node}]");
            Reach(tree.RightChildren[node], $"right_child[{node}]");
        }

        if (Array.IndexOf(nodeSeen, false) is >= 0 and var unreached)
        {
            throw new InputException($"{where}: node {unreached} is reached by no path from the root");
        }

        void Reach(int child, string field)
        {
            var seen = child >= 0 ? nodeSeen : leafSeen;
            var index = child >= 0 ? child : ~child;
            if (index >= seen.Length)
            {
                throw new InputException($"{where}: {field} is {child}, but there are {nodes} nodes "
                    + $"and {nodes + 1} leaves");
            }

            if (seen[index])
            {
                throw new InputException($"{where}: {field} leads to {child} a second time; a tree has no cycles");
            }

            seen[index] = true;
            if (child >= 0)
            {
                open.Push(child);
            }
        }
    }
}
