namespace ServeFlow.Models.BitSliced;

/// <summary>
/// Cuts a tree into parts of few leaves: a part's leaves are the tree's leaves or the roots of other parts.
/// </summary>
sealed class TreeCutter
{
    /// <summary>Limits the leaves of a part; one code is kept for flows that do not enter it.</summary>
    readonly int maxLeaves;

    readonly Tree tree;
    readonly int[] leaves;
    readonly List<int> roots = [];
    readonly HashSet<int> cuts = [];

    TreeCutter(Tree tree, int maxLeaves)
    {
        (this.tree, this.maxLeaves) = (tree, maxLeaves);
        leaves = new int[tree.Columns.Length];
    }

    /// <summary>Returns the nodes at which parts begin, parents before children; the first is 0.</summary>
    public static IReadOnlyList<int> Cut(Tree tree, int maxLeaves, out IReadOnlySet<int> cuts)
    {
        var cutter = new TreeCutter(tree, maxLeaves);
        foreach (var node in cutter.ChildrenFirst())
        {
            cutter.Join(node);
        }

        cutter.roots.Add(0);
        cutter.roots.Reverse();
        cuts = cutter.cuts;
        return cutter.roots;
    }

    /// <summary>Every node after both its children. No recursion: a model file may hold a chain of any depth.</summary>
    IEnumerable<int> ChildrenFirst()
    {
        var order = new List<int>(leaves.Length);
        var open = new Stack<int>([0]);
        while (open.TryPop(out var node))
        {
            if (node >= 0)
            {
                order.Add(node);
                open.Push(tree.LeftChildren[node]);
                open.Push(tree.RightChildren[node]);
            }
        }

        order.Reverse();
        return order;
    }

    /// <summary>
    /// Counts the leaves of the part that a node belongs to, after cutting below it what is too much.
    /// </summary>
    void Join(int node)
    {
        var left = Leaves(tree.LeftChildren[node]);
        var right = Leaves(tree.RightChildren[node]);
        while (left + right > maxLeaves)
        {
            if (left >= right)
            {
                left = CutOff(tree.LeftChildren[node]);
            }
            else
            {
                right = CutOff(tree.RightChildren[node]);
            }
        }

        leaves[node] = left + right;
    }

    int Leaves(int child) => child < 0 ? 1 : leaves[child];

    int CutOff(int node)
    {
        roots.Add(node);
        cuts.Add(node);
        return 1;
    }
}
