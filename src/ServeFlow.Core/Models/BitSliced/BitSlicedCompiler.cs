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
        var (lists, parts, starts) = (new BranchLists(), new List<TreePart>(), new List<int>());
        var bits = BitSlicedForest.CodeBits(engine);
        var divisor = forest.AverageOutput ? forest.Iterations : 1;
        var offsets = new double[forest.TreesPerIteration];
        for (var output = 0; output < offsets.Length; output++)
        {
            starts.Add(parts.Count);
            foreach (var tree in TreesOf(forest, output))
            {
                offsets[output] += tree.LeafValues.Min() / divisor;
                parts.AddRange(TreePart.Of(tree, lists, bits));
            }
        }

        starts.Add(parts.Count);
        var digits = LeafDigits.Write(parts, starts, 3, divisor, 1 << bits);
        if (ErrorBounds.Of(forest, offsets, digits.SumError) > ErrorBounds.Allowed)
        {
            digits = LeafDigits.Write(parts, starts, 4, divisor, 1 << bits);
        }

        return new()
        {
            Engine = engine,
            Predicates = [.. lists.Predicates],
            Classes = forest.Classes,
            ErrorBound = ErrorBounds.Of(forest, offsets, digits.SumError),
            Transform = forest.Transform,
            SigmoidScale = forest.SigmoidScale,
            Outputs = forest.TreesPerIteration,
            Trees = [.. parts.Select(part => part.Shape)],
            Runs = [.. digits.Runs],
            Branches = [.. lists.Branches],
            LeafBranches = [.. lists.LeafBranches],
            Digits = digits.Digits,
            Tables = digits.Tables,
            Offsets = offsets,
        };
    }

    /// <summary>Those with the widest leaf values first.</summary>
    static IEnumerable<Tree> TreesOf(Forest forest, int output) =>
        Enumerable.Range(0, forest.Iterations).Select(i => forest.Trees[(i * forest.TreesPerIteration) + output])
            .OrderByDescending(tree => tree.LeafValues.Max() - tree.LeafValues.Min());
}
