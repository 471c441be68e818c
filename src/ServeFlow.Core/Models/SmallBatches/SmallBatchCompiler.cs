using System.Numerics;
using ServeFlow.Models.BitSliced;

namespace ServeFlow.Models.SmallBatches;

/// <summary>Compiles a validated forest for <see cref="SmallBatchScorer"/>.</summary>
static class SmallBatchCompiler
{
    /// <summary>Numbers of leaves have 16 bits.</summary>
    const int MaxLeaves = 1 << 16;

    /// <summary>The least bytes of a flow's answers: one table of a byte shuffle.</summary>
    const int MinAnswerBytes = 16;

    /// <summary>Compiles one tree that stands for all classes.</summary>
    /// <param name="places">The place of each predicate among a flow's answers.</param>
    public static SmallBatchForest Compile(Forest forest, JointTree joint, IReadOnlyDictionary<Predicate, int> places,
        ScoringEngine engine)
    {
        var tree = joint.ToTree();
        var order = LeafOrder.Create(tree);
        var (nodes, roots) = WalkKernel.Lay([(tree, order)], places);
        return new()
        {
            Engine = engine,
            Classes = forest.Classes,
            AnswerBytes = AnswerBytes(places),
            LeafPlaces = 1,
            Nodes = nodes,
            Roots = roots,
            Branches = order.Nodes.Length,
            WalkLength = order.MeanDepth,
            LeafRows = RowsByNumber(joint.Rows, order, forest.Classes),
        };
    }

    /// <summary>Compiles a forest whose leaf values are summed; null where a tree has too many leaves.</summary>
    /// <param name="places">The place of each predicate among a flow's answers.</param>
    public static SmallBatchForest? Compile(SumPlan plan, IReadOnlyDictionary<Predicate, int> places,
        ScoringEngine engine)
    {
        var orders = plan.Trees.Select(tree => LeafOrder.Create(tree.Tree)).ToArray();
        if (orders.Any(order => order.Numbers.Length > MaxLeaves))
        {
            return null;
        }

        // Registers take as many steps as the largest of their trees: those of a size go together.
        int[] bySize = [.. Enumerable.Range(0, orders.Length).Where(tree => orders[tree].Nodes.Length > 0)
            .OrderByDescending(tree => orders[tree].Nodes.Length)];
        (Tree Tree, LeafOrder Order)[] shapes = [.. bySize.Select(tree => (plan.Trees[tree].Tree, orders[tree]))];
        var lanes = LaneNodes.Create(shapes, places, engine);
        var (nodes, roots) = lanes is null ? WalkKernel.Lay(shapes, places) : ([], []);
        return new()
        {
            Engine = engine,
            Classes = plan.Forest.Classes,
            Transform = plan.Forest.Transform,
            SigmoidScale = plan.Forest.SigmoidScale,
            Outputs = plan.Offsets.Length,
            AnswerBytes = lanes is null ? AnswerBytes(places) : 1 << lanes.IndexBits,
            LeafPlaces = lanes is null ? shapes.Length : lanes.Steps.Length * LaneKernels.Trees(engine),
            Lanes = lanes,
            Nodes = nodes,
            Roots = roots,
            Branches = shapes.Sum(shape => (long)shape.Order.Nodes.Length),
            WalkLength = shapes.Sum(shape => shape.Order.MeanDepth),
            Sums = LeafSums.Create(plan, [.. orders.Select(order => order.Numbers)], Inverse(bySize, orders.Length)),
        };
    }

    static int AnswerBytes(IReadOnlyDictionary<Predicate, int> places) => Math.Max(MinAnswerBytes,
        (int)BitOperations.RoundUpToPowerOf2((uint)(places.Values.DefaultIfEmpty(0).Max() / 8) + 1));

    static int[] Inverse(int[] order, int count)
    {
        var places = new int[count];
        foreach (var (place, tree) in order.Index())
        {
            places[tree] = place;
        }

        return places;
    }

    static float[] RowsByNumber(float[] rows, LeafOrder order, int classes)
    {
        var sorted = new float[rows.Length];
        foreach (var (leaf, number) in order.Numbers.Index())
        {
            rows.AsSpan(leaf * classes, classes).CopyTo(sorted.AsSpan(number * classes));
        }

        return sorted;
    }
}
