namespace ServeFlow.Models.BitSliced;

/// <summary>Represents a tree cut into parts of so few leaves that each leaf of a part can have a code of its
/// own.</summary>
/// <param name="Tree">The whole tree.</param>
/// <param name="Roots">The nodes at which parts begin, parents before children; none where the tree is one leaf.
/// </param>
/// <param name="Cuts">The same without the tree's own root.</param>
sealed record CutTree(Tree Tree, IReadOnlyList<int> Roots, IReadOnlySet<int> Cuts)
{
    /// <summary>Gets the least leaf value: leaf values are summed as what they exceed it by.</summary>
    public double MinLeafValue { get; } = Tree.LeafValues.Min();

    /// <summary>Gets the largest leaf value less the least.</summary>
    public double Range { get; } = Tree.LeafValues.Max() - Tree.LeafValues.Min();

    /// <summary>Cuts a tree.</summary>
    /// <param name="codeBits">Bits of a code; one code is kept for flows that do not enter a part.</param>
    public static CutTree Create(Tree tree, int codeBits)
    {
        if (tree.Columns.Length == 0)
        {
            return new(tree, [], new HashSet<int>());
        }

        var roots = TreeCutter.Cut(tree, (1 << codeBits) - 1, out var cuts);
        return new(tree, roots, cuts);
    }

    /// <summary>Lists the leaves of the part that begins at a node, from left to right. Where other parts begin below
    /// it, their leaves are not among them.</summary>
    public IEnumerable<int> Leaves(int root)
    {
        var open = new Stack<int>([root]);
        while (open.TryPop(out var node))
        {
            if (node < 0)
            {
                yield return ~node;
            }
            else if (node == root || !Cuts.Contains(node))
            {
                open.Push(Tree.RightChildren[node]);
                open.Push(Tree.LeftChildren[node]);
            }
        }
    }
}
