using ServeFlow.Models;

namespace ServeFlow.Training.Trainers;

/// <summary>Grows classification trees, best split first, from bit-sliced rows.</summary>
sealed class CartGrower(SplitPlanes planes, double[] weights, CartOptions options)
{
    readonly CartSplitter splitter = new(planes, weights, options);

    /// <param name="rows">A bit for each slot that the tree may learn from.</param>
    /// <returns>One tree a class, all of the same shape: its leaves hold that class's probability.</returns>
    public Tree[] Grow(ulong[] rows, Random? random, int threads, CancellationToken cancel)
    {
        var root = CartNode.Create(rows, planes, weights.Length, depth: 0);
        var shape = new CartShape();
        var open = new PriorityQueue<(CartNode Node, int Leaf, int Plane), (double, int)>();
        Offer(root, shape.Root());
        while (shape.Leaves < options.MaxLeaves && open.TryDequeue(out var next, out _))
        {
            cancel.ThrowIfCancellationRequested();
            var (node, leaf, plane) = next;
            var (column, threshold) = planes.Split(plane);
            var right = shape.Split(leaf, column, threshold);
            Offer(node.Child(planes[plane], left: true, planes), leaf);
            Offer(node.Child(planes[plane], left: false, planes), right);
        }

        return shape.ToTrees(weights.Length);

        void Offer(CartNode node, int leaf)
        {
            shape.SetLeaf(leaf, Probabilities(node.Counts, root.Counts));
            if (splitter.Best(node, random, threads) is ( >= 0, _) and var best)
            {
                open.Enqueue((node, leaf, best.Plane), (-best.Gain, leaf));
            }
        }
    }

    double[] Probabilities(int[] counts, int[] rootCounts)
    {
        var weighted = new double[counts.Length];
        var (total, rootTotal) = (0.0, 0.0);
        for (var k = 0; k < counts.Length; k++)
        {
            total += weighted[k] = counts[k] * weights[k];
            rootTotal += rootCounts[k] * weights[k];
        }

        for (var k = 0; k < counts.Length; k++)
        {
            var prior = rootCounts[k] * weights[k] / rootTotal;
            weighted[k] = (weighted[k] + (options.Smoothing * prior)) / (total + options.Smoothing);
        }

        return weighted;
    }
}
