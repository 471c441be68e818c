using System.Runtime.InteropServices;
using ServeFlow.Models.BitSliced;

namespace ServeFlow.Models.SmallBatches;

/// <summary>Represents a branch of a tree that is walked.</summary>
/// <param name="place">The place of the answer.</param>
/// <param name="left">The next branch where the answer is no, or <c>~n</c> for the leaf of number n.</param>
/// <param name="right">The same where the answer is yes.</param>
[StructLayout(LayoutKind.Sequential)]
readonly struct WalkNode(int place, int left, int right)
{
    public readonly int Place = place;

    /// <summary>Lies before <see cref="Right"/> without a gap: an answer, 0 or 1, selects one of them.</summary>
    public readonly int Left = left;

    public readonly int Right = right;
}

/// <summary>Walks one tree after the other: for a decision tree, and for trees of very many leaves.</summary>
sealed unsafe class WalkKernel(WalkNode[] nodes, int[] roots, int answerBytes) : ITreeKernel
{
    public void FindLeaves(byte* answers, int flows, ushort* leaves)
    {
        fixed (WalkNode* node = nodes)
        {
            for (var flow = 0; flow < flows; flow++, answers += answerBytes)
            {
                foreach (var root in roots)
                {
                    *leaves++ = (ushort)~Walk(node, root, answers);
                }
            }
        }
    }

    /// <summary>Lays the branches of trees one after the other.</summary>
    /// <param name="shapes">The trees and the order of their leaves.</param>
    /// <param name="places">The place of each predicate among a flow's answers.</param>
    /// <returns>The branches, and where each tree begins: −1 for a tree of one leaf.</returns>
    public static (WalkNode[] Nodes, int[] Roots) Lay(IReadOnlyList<(Tree Tree, LeafOrder Order)> shapes,
        IReadOnlyDictionary<Predicate, int> places)
    {
        var laid = new List<WalkNode>();
        var begins = new List<int>();
        foreach (var (tree, order) in shapes)
        {
            var first = laid.Count;
            begins.Add(order.Nodes.Length == 0 ? ~0 : first);
            var at = new int[order.Nodes.Length];
            foreach (var (place, numbered) in order.Nodes.Index())
            {
                at[numbered.Node] = first + place;
            }

            foreach (var (node, _, _) in order.Nodes)
            {
                laid.Add(new(places[Predicate.FromNode(tree, node)], Child(tree.LeftChildren[node], at, order),
                    Child(tree.RightChildren[node], at, order)));
            }
        }

        return ([.. laid], [.. begins]);
    }

    static int Child(int child, int[] at, LeafOrder order) => child >= 0 ? at[child] : ~order.Numbers[~child];

    static int Walk(WalkNode* nodes, int node, byte* answers)
    {
        while (node >= 0)
        {
            var at = nodes + node;
            node = (&at->Left)[(answers[at->Place >> 3] >> (at->Place & 7)) & 1];
        }

        return node;
    }
}
