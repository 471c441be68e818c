namespace ServeFlow.Models.SmallBatches;

/// <summary>Represents a branch whose leaves are numbered from left to right.</summary>
/// <param name="Node">The node of the tree.</param>
/// <param name="First">The number of its leftmost leaf.</param>
/// <param name="Right">The number of the leftmost leaf on its right.</param>
readonly record struct NumberedNode(int Node, int First, int Right);

/// <summary>Numbers the leaves of a tree from left to right.</summary>
sealed class LeafOrder
{
    LeafOrder(NumberedNode[] nodes, int[] numbers, double meanDepth) =>
        (Nodes, Numbers, MeanDepth) = (nodes, numbers, meanDepth);

    /// <summary>Gets the branches, parents before children.</summary>
    public NumberedNode[] Nodes { get; }

    /// <summary>Gets the number of each leaf.</summary>
    public int[] Numbers { get; }

    /// <summary>Gets the branches on the way to a leaf, averaged over the leaves.</summary>
    public double MeanDepth { get; }

    /// <summary>Numbers without recursion: a model file may hold a chain of any depth.</summary>
    public static LeafOrder Create(Tree tree)
    {
        var numbers = new int[tree.LeafValues.Length];
        var nodes = ParentsFirst(tree);
        var leaves = CountLeaves(tree, nodes);
        var first = new int[tree.Columns.Length];
        var numbered = new NumberedNode[nodes.Count];
        for (var i = 0; i < nodes.Count; i++)
        {
            var (left, right) = (tree.LeftChildren[nodes[i]], tree.RightChildren[nodes[i]]);
            var onRight = first[nodes[i]] + (left < 0 ? 1 : leaves[left]);
            numbered[i] = new(nodes[i], first[nodes[i]], onRight);
            (left < 0 ? ref numbers[~left] : ref first[left]) = first[nodes[i]];
            (right < 0 ? ref numbers[~right] : ref first[right]) = onRight;
        }

        // A leaf counts once for each branch above it.
        return new(numbered, numbers, leaves.Sum(below => (double)below) / numbers.Length);
    }

    static List<int> ParentsFirst(Tree tree)
    {
        var order = new List<int>(tree.Columns.Length);
        var open = new Stack<int>(tree.Columns.Length > 0 ? [0] : []);
        while (open.TryPop(out var node))
        {
            if (node >= 0)
            {
                order.Add(node);
                open.Push(tree.RightChildren[node]);
                open.Push(tree.LeftChildren[node]);
            }
        }

        return order;
    }

    static int[] CountLeaves(Tree tree, List<int> nodes)
    {
        var leaves = new int[tree.Columns.Length];
        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            leaves[nodes[i]] = Count(tree.LeftChildren[nodes[i]]) + Count(tree.RightChildren[nodes[i]]);
        }

        return leaves;

        int Count(int child) => child < 0 ? 1 : leaves[child];
    }
}
