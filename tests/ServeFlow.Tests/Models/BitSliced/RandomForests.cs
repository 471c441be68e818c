using ServeFlow.Models;
using ServeFlow.Models.BitSliced;

namespace ServeFlow.Tests.Models.BitSliced;

/// <summary>Random trees over random bits, to hold the fast paths against the reference.</summary>
static class RandomForests
{
    public static Forest Draw(Random random, int classes, int rounds, int leaves, int columns,
        ScoreTransform transform = ScoreTransform.Softmax, double largest = 0.2)
    {
        var outputs = transform == ScoreTransform.Sigmoid ? 1 : classes;
        var trees = Enumerable.Range(0, rounds * outputs).Select(_ => DrawTree(random, leaves, columns, largest))
            .ToArray();
        return new Forest
        {
            Classes = classes,
            TreesPerIteration = outputs,
            Transform = transform,
            Trees = trees,
            ColumnNames = [.. Enumerable.Range(0, columns).Select(column => $"c{column}")],
        };
    }

    /// <summary>A tree a class, all with the same questions; where leaves are alike in a class, they are one.</summary>
    public static Forest DrawDecisionTree(Random random, int classes, int leaves, int columns)
    {
        var tree = DrawTree(random, leaves, columns, 1);
        var trees = Enumerable.Range(0, classes).Select(_ => CartPruned(new Tree
        {
            Columns = tree.Columns,
            Thresholds = tree.Thresholds,
            LeftChildren = tree.LeftChildren,
            RightChildren = tree.RightChildren,
            LeafValues = [.. tree.LeafValues.Select(_ => random.Next(1, 9) / 8.0)],
        })).ToArray();
        return new Forest
        {
            Classes = classes,
            TreesPerIteration = classes,
            Transform = ScoreTransform.None,
            Trees = trees,
            ColumnNames = [.. Enumerable.Range(0, columns).Select(column => $"c{column}")],
        };
    }

    /// <summary>The last node becomes a leaf where both of its leaves have the same value.</summary>
    static Tree CartPruned(Tree tree)
    {
        var last = tree.Columns.Length - 1;
        var (left, right) = (tree.LeftChildren[last], tree.RightChildren[last]);
        if (left >= 0 || right >= 0 || tree.LeafValues[~left] != tree.LeafValues[~right] || ~right != last + 1)
        {
            return tree;
        }

        return new()
        {
            Columns = tree.Columns[..last],
            Thresholds = tree.Thresholds[..last],
            LeftChildren = [.. tree.LeftChildren[..last].Select(child => child == last ? left : child)],
            RightChildren = [.. tree.RightChildren[..last].Select(child => child == last ? left : child)],
            LeafValues = tree.LeafValues[..(last + 1)],
        };
    }

    /// <summary>Grows a tree by splitting a random leaf until it has as many as asked for.</summary>
    static Tree DrawTree(Random random, int leaves, int columns, double largest)
    {
        var (left, right) = (new int[leaves - 1], new int[leaves - 1]);
        var parents = new List<(int Node, bool IsLeft)> { (-1, false) };
        for (var node = 0; node < leaves - 1; node++)
        {
            var split = random.Next(parents.Count);
            var (parent, isLeft) = parents[split];
            if (parent >= 0)
            {
                (isLeft ? left : right)[parent] = node;
            }

            (left[node], right[node]) = (~split, ~parents.Count);
            parents[split] = (node, true);
            parents.Add((node, false));
        }

        return new Tree
        {
            Columns = [.. Enumerable.Range(0, leaves - 1).Select(_ => random.Next(columns))],
            Thresholds = [.. Enumerable.Range(0, leaves - 1).Select(_ => random.Next(2) - 0.5)],
            LeftChildren = left,
            RightChildren = right,
            LeafValues = [.. Enumerable.Range(0, leaves).Select(_ => (random.NextDouble() - 0.5) * 2 * largest)],
        };
    }

    /// <summary>Every node has one leaf, all on the same side: as deep as it has nodes.</summary>
    public static Forest Chain(int nodes, bool toTheLeft, int columns)
    {
        var onward = Enumerable.Range(1, nodes).Select(next => next < nodes ? next : ~nodes).ToArray();
        var leaves = Enumerable.Range(0, nodes).Select(leaf => ~leaf).ToArray();
        var tree = new Tree
        {
            Columns = [.. Enumerable.Range(0, nodes).Select(node => node % columns)],
            Thresholds = [.. Enumerable.Range(0, nodes).Select(node => node % 3 - 0.5)],
            LeftChildren = toTheLeft ? onward : leaves,
            RightChildren = toTheLeft ? leaves : onward,
            LeafValues = [.. Enumerable.Range(0, nodes + 1).Select(leaf => leaf % 7 / 7.0)],
        };
        return new()
        {
            Classes = 2,
            TreesPerIteration = 1,
            Transform = ScoreTransform.Sigmoid,
            Trees = [tree],
            ColumnNames = [.. Enumerable.Range(0, columns).Select(column => $"c{column}")],
        };
    }

    public static float[] DrawRows(Random random, int count, int columns) =>
        [.. Enumerable.Range(0, count * columns).Select(_ => (float)(random.Next(3) - 1))];

    public static byte[] Planes(BitSlicedForest forest, float[] rows, int columns)
    {
        var planes = new byte[forest.Predicates.Count * BitSlicedForest.PlaneBytes];
        for (var flow = 0; flow < rows.Length / columns; flow++)
        {
            foreach (var (place, predicate) in forest.Predicates.Index())
            {
                if (predicate.GoesRight(rows[(flow * columns) + predicate.Column]))
                {
                    planes[(place * BitSlicedForest.PlaneBytes) + (flow / 8)] |= (byte)(1 << (flow % 8));
                }
            }
        }

        return planes;
    }
}
