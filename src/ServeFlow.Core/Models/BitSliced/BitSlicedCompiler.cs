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
            ? Compile(forest, joint, engine)
            : Compile(SumPlan.Create(forest, BitSlicedForest.CodeBits(engine)), engine);
    }

    /// <summary>Compiles one tree for all classes: the sum is the number of the leaf, exactly.</summary>
    internal static BitSlicedForest Compile(Forest forest, JointTree joint, ScoringEngine engine)
    {
        var (lists, bits) = (new BranchLists(), BitSlicedForest.CodeBits(engine));
        var parts = TreePart.Create([CutTree.Create(joint.ToTree(), bits)], lists, bits);
        return Finish(forest, engine, lists, parts, SumRuns.CreateWhole(parts.Count, digits: 2), [0], joint.Rows);
    }

    /// <param name="plan">A plan for codes of as many bits as <paramref name="engine"/> has.</param>
    /// <param name="engine">Any but <see cref="ScoringEngine.Reference"/>.</param>
    internal static BitSlicedForest Compile(SumPlan plan, ScoringEngine engine)
    {
        var lists = new BranchLists();
        var parts = TreePart.Create(plan.Trees, lists, BitSlicedForest.CodeBits(engine));
        return Finish(plan.Forest, engine, lists, parts, plan.Runs, plan.Offsets, []);
    }

    static BitSlicedForest Finish(Forest forest, ScoringEngine engine, BranchLists lists,
        IReadOnlyList<TreePart> parts, SumRuns runs, double[] offsets, float[] leafRows) => new()
        {
            Engine = engine,
            Predicates = [.. lists.Predicates],
            Classes = forest.Classes,
            ErrorBound = leafRows.Length > 0
                ? ErrorBounds.RoundingError
                : ErrorBounds.Compute(forest, offsets, runs.SumError),
            Transform = forest.Transform,
            SigmoidScale = forest.SigmoidScale,
            Outputs = offsets.Length,
            Trees = [.. parts.Select(part => part.Shape)],
            Runs = [.. runs.Runs],
            Branches = [.. lists.Branches],
            LeafBranches = [.. lists.LeafBranches],
            Digits = runs.Digits,
            Tables = WriteTables(parts, runs, 1 << BitSlicedForest.CodeBits(engine)),
            Offsets = offsets,
            LeafRows = leafRows,
        };

    /// <summary>Writes leaf values in fixed point as tables of digits, a byte each.</summary>
    /// <returns>[part][digit][code], least significant digit first.</returns>
    static byte[] WriteTables(IReadOnlyList<TreePart> parts, SumRuns runs, int codes)
    {
        var tables = new byte[parts.Count * runs.Digits * codes];
        for (var run = 0; run < runs.Runs.Count; run++)
        {
            for (var place = runs.Runs[run].First; place < runs.Runs[run].End; place++)
            {
                WriteTable(parts[place], runs, run, tables.AsSpan(place * runs.Digits * codes));
            }
        }

        return tables;
    }

    static void WriteTable(TreePart part, SumRuns runs, int run, Span<byte> table)
    {
        var codes = part.Values.Length;
        for (var code = 0; code < codes; code++)
        {
            var value = runs.Round(run, part.Values[code]);
            for (var digit = 0; digit < runs.Digits; digit++)
            {
                table[(digit * codes) + code] = (byte)(value >> (8 * digit));
            }
        }
    }
}
