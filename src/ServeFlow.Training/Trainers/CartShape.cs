using ServeFlow.Models;

namespace ServeFlow.Training.Trainers;

/// <summary>Represents a growing tree. Splitting a leaf keeps its number for the left side and gives the right side a
/// new one, as LightGBM's own trees do.</summary>
sealed class CartShape
{
    readonly List<(int Column, double Threshold, int Left, int Right)> nodes = [];
    readonly List<double[]> leaves = [];

    /// <summary>Holds the node above each leaf; −1 for the root's.</summary>
    readonly List<int> parents = [];

    public int Leaves => leaves.Count;

    public int Root()
    {
        leaves.Add([]);
        parents.Add(-1);
        return 0;
    }

    public void SetLeaf(int leaf, double[] probabilities) => leaves[leaf] = probabilities;

    /// <returns>The number of the leaf on the right.</returns>
    public int Split(int leaf, int column, double threshold)
    {
        var (node, right) = (nodes.Count, leaves.Count);
        if (parents[leaf] is >= 0 and var parent)
        {
            nodes[parent] = nodes[parent].Left == ~leaf
                ? nodes[parent] with { Left = node }
                : nodes[parent] with { Right = node };
        }

        nodes.Add((column, threshold, ~leaf, ~right));
        leaves.Add([]);
        parents[leaf] = node;
        parents.Add(node);
        return right;
    }

    public Tree[] ToTrees(int classes) => [.. Enumerable.Range(0, classes).Select(k => CartPruning.Merge(new Tree
    {
        Columns = [.. nodes.Select(node => node.Column)],
        Thresholds = [.. nodes.Select(node => node.Threshold)],
        LeftChildren = [.. nodes.Select(node => node.Left)],
        RightChildren = [.. nodes.Select(node => node.Right)],
        LeafValues = [.. leaves.Select(leaf => leaf[k])],
    }))];
}
