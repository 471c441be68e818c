using CsCheck;
using ServeFlow.Models;
using ServeFlow.Training.Trainers;
using Xunit;

namespace ServeFlow.Training.Tests.Trainers;

public sealed class CartPruningTests
{
    [Fact]
    public void Merge_AllLeavesEqual_LeavesOneLeaf()
    {
        var merged = CartPruning.Merge(Chain([5, 5, 5]));
        Assert.Empty(merged.Columns);
        Assert.Equal([5], merged.LeafValues);
    }

    [Fact]
    public void Merge_AnyTree_PredictsTheSameWithNoEqualSiblings() =>
        Gen.Int[0, 2].Array[1, 12].Sample(values =>
        {
            var tree = Chain(Array.ConvertAll(values, value => (double)value));
            var merged = CartPruning.Merge(tree);
            for (var x = -1.0; x <= values.Length; x++)
            {
                Assert.Equal(Walk(tree, x), Walk(merged, x));
            }

            Assert.DoesNotContain(Enumerable.Range(0, merged.Columns.Length), node =>
                merged.LeftChildren[node] < 0 && merged.RightChildren[node] < 0
                && merged.LeafValues[~merged.LeftChildren[node]] == merged.LeafValues[~merged.RightChildren[node]]);
        });

    /// <summary>Leaf i for values up to i, the last leaf for the rest.</summary>
    static Tree Chain(double[] leaves)
    {
        var nodes = leaves.Length - 1;
        return new Tree
        {
            Columns = new int[nodes],
            Thresholds = [.. Enumerable.Range(0, nodes).Select(n => (double)n)],
            LeftChildren = [.. Enumerable.Range(0, nodes).Select(n => ~n)],
            RightChildren = [.. Enumerable.Range(0, nodes).Select(n => n + 1 < nodes ? n + 1 : ~nodes)],
            LeafValues = leaves,
        };
    }

    static double Walk(Tree tree, double x)
    {
        var node = tree.Columns.Length == 0 ? ~0 : 0;
        while (node >= 0)
        {
            node = tree.Child(node, x);
        }

        return tree.LeafValues[~node];
    }
}
