namespace ServeFlow.Models.BitSliced;

/// <summary>Cuts a tree into parts of few leaves: a part's leaves are the tree's leaves or the roots of other parts.</summary>
sealed class TreeCutter
{
    /// <summary>One code of the 32 is kept for flows that do not enter a part.</summary>
    const int MostLeaves = LeafCodes.Count - 1;

    readonly Tree tree;
    readonly List<int> roots = [];
    readonly HashSet<int> cuts = [];

    TreeCutter(Tree tree) => this.tree = tree;

    /// <summary>The nodes at which parts begin, parents before children; the first is 0.</summary>
    public static IReadOnlyList<int> Cut(Tree tree, out IReadOnlySet<int> cuts)
    {
        var cutter = new TreeCutter(tree);
        cutter.Leaves(0);
        cutter.roots.Add(0);
        cutter.roots.Reverse();
        cuts = cutter.cuts;
        return cutter.roots;
    }

    /// <summary>
    /// Leaves of the part that a child belongs to, after cutting below it. Recursion is as deep as the tree; the
    /// readers of model files bound that.
    /// </summary>
    int Leaves(int child)
    {
        if (child < 0)
        {
            return 1;
        }

        var left = Leaves(tree.LeftChildren[child]);
        var right = Leaves(tree.RightChildren[child]);
        while (left + right > MostLeaves)
        {
            if (left >= right)
            {
                left = CutOff(tree.LeftChildren[child]);
            }
            else
            {
                right = CutOff(tree.RightChildren[child]);
            }
        }

        return left + right;
    }

    int CutOff(int node)
    {
        roots.Add(node);
        cuts.Add(node);
        return 1;
    }
}
