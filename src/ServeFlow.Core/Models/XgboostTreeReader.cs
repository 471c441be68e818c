namespace ServeFlow.Models;

/// <summary>
/// Makes a tree of one of XGBoost's: nodes are visited from the root, each once, and numbered anew; whatever is not
/// reached (pruned) is left out.
/// </summary>
sealed class XgboostTreeReader
{
    const int NoChild = -1;

    readonly XgboostTree tree;
    readonly int columns;
    readonly string where;
    readonly bool[] seen;
    readonly List<int> nodes = [];
    readonly List<double> leaves = [];

    XgboostTreeReader(XgboostTree tree, int columns, string where)
    {
        (this.tree, this.columns, this.where) = (tree, columns, where);
        seen = new bool[tree.LeftChildren.Length];
    }

    /// <param name="where">How errors begin: the model's name and the tree's number.</param>
    public static Tree Read(XgboostTree tree, int columns, string where)
    {
        RequireLength(tree.RightChildren.Length, "right_children");
        RequireLength(tree.SplitIndices.Length, "split_indices");
        RequireLength(tree.SplitConditions.Length, "split_conditions");
        RequireLength(tree.DefaultLeft.Length, "default_left");
        if (tree.LeftChildren.Length == 0)
        {
            throw new InputException($"{where}: has no node");
        }

        if (tree.CategoriesNodes is { Length: > 0 } || tree.SplitType?.Any(type => type != 0) == true)
        {
            throw new InputException($"{where}: has categorical splits, which are not supported; train without "
                + "enable_categorical");
        }

        return new XgboostTreeReader(tree, columns, where).Read();

        void RequireLength(int found, string field)
        {
            if (found != tree.LeftChildren.Length)
            {
                throw new InputException($"{where}: {field} has {found} values, left_children "
                    + $"{tree.LeftChildren.Length}");
            }
        }
    }

    /// <summary>Nodes in the order in which they are met, breadth first; a node's children are numbered when it is
    /// taken up.</summary>
    Tree Read()
    {
        var root = Reach(0, "root");
        var (left, right) = (new List<int>(), new List<int>());
        for (var n = 0; root == 0 && n < nodes.Count; n++)
        {
            left.Add(Reach(tree.LeftChildren[nodes[n]], $"left_children[{nodes[n]}]"));
            right.Add(Reach(tree.RightChildren[nodes[n]], $"right_children[{nodes[n]}]"));
        }

        return new()
        {
            Columns = [.. nodes.Select(node => tree.SplitIndices[node])],
            Thresholds = [.. nodes.Select(Threshold)],
            LeftChildren = [.. left],
            RightChildren = [.. right],
            LeafValues = [.. leaves],
            Missing = [.. nodes.Select(_ => MissingKind.NaN)],
            DefaultLeft = [.. nodes.Select(node => tree.DefaultLeft[node])],
        };
    }

    /// <returns>The node's new number, or the complement of the leaf's.</returns>
    int Reach(int node, string field)
    {
        if (node < 0 || node >= seen.Length)
        {
            throw new InputException($"{where}: {field} is {node}, but there are {seen.Length} nodes");
        }

        if (seen[node])
        {
            throw new InputException($"{where}: {field} leads to {node} a second time; a tree has no cycles");
        }

        seen[node] = true;
        if (tree.LeftChildren[node] == NoChild && tree.RightChildren[node] == NoChild)
        {
            leaves.Add(tree.SplitConditions[node]);
            return ~(leaves.Count - 1);
        }

        if (tree.SplitIndices[node] is var column && (column < 0 || column >= columns))
        {
            throw new InputException($"{where}: split_indices[{node}] is {column}, but there are {columns} columns");
        }

        nodes.Add(node);
        return nodes.Count - 1;
    }

    /// <summary>
    /// XGBoost goes left where a float is below the condition, our trees where it is at most the threshold: that is the
    /// float before it.
    /// </summary>
    double Threshold(int node) => float.IsNaN(tree.SplitConditions[node])
        ? throw new InputException($"{where}: split_conditions[{node}] is no number")
        : MathF.BitDecrement(tree.SplitConditions[node]);
}
