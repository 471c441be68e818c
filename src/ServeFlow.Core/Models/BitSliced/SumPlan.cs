namespace ServeFlow.Models.BitSliced;

/// <summary>
/// Plans how a forest's leaf values are summed: the trees in the order in which they are added, each cut into parts of
/// few leaves, and the parts in runs of one fixed-point unit. Kernels that follow one plan add the same numbers in the
/// same order, so that their probabilities agree in every bit. Immutable.
/// </summary>
sealed class SumPlan
{
    /// <summary>Specifies the number of bytes of a fixed-point leaf value, and of one where three are too
    /// coarse.</summary>
    const int Digits = 3, MoreDigits = 4;

    SumPlan(Forest forest, IReadOnlyList<CutTree> trees, double[] offsets, SumRuns runs)
    {
        (Forest, Trees, Offsets, Runs) = (forest, trees, offsets, runs);
        ErrorBound = ErrorBounds.Compute(forest, offsets, runs.SumError);
    }

    /// <summary>Gets the forest whose leaf values are summed.</summary>
    public Forest Forest { get; }

    /// <summary>Gets the trees by output, those with the widest leaf values first. The parts of all trees, one tree
    /// after the other, have the places that <see cref="Runs"/> speaks of.</summary>
    public IReadOnlyList<CutTree> Trees { get; }

    /// <summary>Gets, by output, what is added to the sum: the trees' least leaf values together.</summary>
    public double[] Offsets { get; }

    public SumRuns Runs { get; }

    /// <summary>Gets the largest error of a probability, by what leaf values and floats are rounded to.</summary>
    public double ErrorBound { get; }

    /// <param name="codeBits">Bits of a leaf's code, which limit the leaves of a part.</param>
    public static SumPlan Create(Forest forest, int codeBits)
    {
        var divisor = forest.AverageOutput ? forest.Iterations : 1;
        var (trees, counts, offsets) = (new List<CutTree>(), new List<int>(), new double[forest.TreesPerIteration]);
        for (var output = 0; output < offsets.Length; output++)
        {
            var cut = TreesOf(forest, output).Select(tree => CutTree.Create(tree, codeBits)).ToArray();
            offsets[output] = cut.Sum(tree => tree.MinLeafValue / divisor);
            counts.Add(cut.Length);
            trees.AddRange(cut);
        }

        var plan = new SumPlan(forest, trees, offsets, SumRuns.Create(trees, counts, Digits, divisor));
        return plan.ErrorBound <= ErrorBounds.Allowed
            ? plan
            : new(forest, trees, offsets, SumRuns.Create(trees, counts, MoreDigits, divisor));
    }

    static IEnumerable<Tree> TreesOf(Forest forest, int output) =>
        Enumerable.Range(0, forest.Iterations).Select(i => forest.Trees[(i * forest.TreesPerIteration) + output])
            .OrderByDescending(tree => tree.LeafValues.Max() - tree.LeafValues.Min());
}
