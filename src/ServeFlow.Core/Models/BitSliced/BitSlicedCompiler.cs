namespace ServeFlow.Models.BitSliced;

/// <summary>Compiles a validated forest for <see cref="BitSlicedScorer"/>.</summary>
public static class BitSlicedCompiler
{
    /// <summary>Compiles for the fastest engine that the processor has.</summary>
    public static BitSlicedForest Compile(Forest forest) => Compile(forest, ScoringEngines.Best);

    /// <param name="engine">Any but <see cref="ScoringEngine.Reference"/>.</param>
    public static BitSlicedForest Compile(Forest forest, ScoringEngine engine)
    {
        ArgumentOutOfRangeException.ThrowIfEqual((int)engine, (int)ScoringEngine.Reference);
        return JointTree.Create(forest) is { } joint
            ? CompileJoint(forest, joint, engine)
            : CompileSums(forest, engine);
    }

    /// <summary>Compiles one tree for all classes: the sum is the number of the leaf, exactly.</summary>
    static BitSlicedForest CompileJoint(Forest forest, JointTree joint, ScoringEngine engine)
    {
        var (lists, bits) = (new BranchLists(), BitSlicedForest.CodeBits(engine));
        var parts = TreePart.Create([joint.ToTree()], lists, bits)[0].ToList();
        var digits = new LeafDigits(parts, digits: 2, codes: 1 << bits);
        digits.WriteWhole();
        return Finish(forest, engine, lists, parts, digits, [0], joint.Rows);
    }

    static BitSlicedForest CompileSums(Forest forest, ScoringEngine engine)
    {
        var (lists, parts, starts) = (new BranchLists(), new List<TreePart>(), new List<int>());
        var bits = BitSlicedForest.CodeBits(engine);
        var divisor = forest.AverageOutput ? forest.Iterations : 1;
        var offsets = new double[forest.TreesPerIteration];
        for (var output = 0; output < offsets.Length; output++)
        {
            starts.Add(parts.Count);
            var trees = TreesOf(forest, output);
            offsets[output] = trees.Sum(tree => tree.LeafValues.Min() / divisor);
            parts.AddRange(TreePart.Create(trees, lists, bits).SelectMany(ofTree => ofTree));
        }

        starts.Add(parts.Count);
        var digits = LeafDigits.Write(parts, starts, 3, divisor, 1 << bits);
        if (ErrorBounds.Compute(forest, offsets, digits.SumError) > ErrorBounds.Allowed)
        {
            digits = LeafDigits.Write(parts, starts, 4, divisor, 1 << bits);
        }

        return Finish(forest, engine, lists, parts, digits, offsets, []);
    }

    static BitSlicedForest Finish(Forest forest, ScoringEngine engine, BranchLists lists, List<TreePart> parts,
        LeafDigits digits, double[] offsets, float[] leafRows) => new()
        {
            Engine = engine,
            Predicates = [.. lists.Predicates],
            Classes = forest.Classes,
            ErrorBound = leafRows.Length > 0
                ? ErrorBounds.RoundingError
                : ErrorBounds.Compute(forest, offsets, digits.SumError),
            Transform = forest.Transform,
            SigmoidScale = forest.SigmoidScale,
            Outputs = offsets.Length,
            Trees = [.. parts.Select(part => part.Shape)],
            Runs = [.. digits.Runs],
            Branches = [.. lists.Branches],
            LeafBranches = [.. lists.LeafBranches],
            Digits = digits.Digits,
            Tables = digits.Tables,
            Offsets = offsets,
            LeafRows = leafRows,
        };

    /// <summary>Gets the trees of one output, those with the widest leaf values first.</summary>
    static IReadOnlyList<Tree> TreesOf(Forest forest, int output) =>
    [
        .. Enumerable.Range(0, forest.Iterations).Select(i => forest.Trees[(i * forest.TreesPerIteration) + output])
            .OrderByDescending(tree => tree.LeafValues.Max() - tree.LeafValues.Min()),
    ];
}
