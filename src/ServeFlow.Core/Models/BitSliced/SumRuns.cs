namespace ServeFlow.Models.BitSliced;

/// <summary>
/// Runs of tree parts whose leaf values are multiples of one unit. The trees of an output are cut into runs of similar
/// values, each run with a unit of its own, so that the few large trees do not coarsen the many small ones.
/// </summary>
sealed class SumRuns
{
    /// <summary>Trees are looked up in fours: a run is cut after a multiple.</summary>
    const int Group = 4;

    /// <summary>A run ends where trees need less than this share of its range.</summary>
    const double SmallerRange = 0.4;

    readonly List<TreeRun> runs = [];
    readonly List<double> steps = [];

    SumRuns(int digits) => Digits = digits;

    /// <summary>Gets the bytes of a leaf value.</summary>
    public int Digits { get; }

    public IReadOnlyList<TreeRun> Runs => runs;

    /// <summary>Gets the largest error of an output's sum.</summary>
    public double SumError { get; private set; }

    /// <summary>Plans the runs of several outputs.</summary>
    /// <param name="trees">The trees of all outputs, one output after the other.</param>
    /// <param name="counts">[output]: the number of its trees.</param>
    /// <param name="digits">Bytes of a leaf value.</param>
    /// <param name="divisor">What sums are divided by.</param>
    public static SumRuns Create(IReadOnlyList<CutTree> trees, IReadOnlyList<int> counts, int digits, int divisor)
    {
        var planned = new SumRuns(digits);
        var parts = trees.SelectMany(tree => tree.Roots.Select(root => (tree.Range, IsFirst: root == 0))).ToArray();
        var (firstTree, first) = (0, 0);
        for (var output = 0; output < counts.Count; output++)
        {
            var end = first + trees.Skip(firstTree).Take(counts[output]).Sum(tree => tree.Roots.Count);
            planned.AddOutput(output, parts, first, end, divisor);
            (firstTree, first) = (firstTree + counts[output], end);
        }

        return planned;
    }

    /// <summary>Plans the runs of one output whose leaf values are whole numbers: they are summed as they are.
    /// </summary>
    public static SumRuns CreateWhole(int parts, int digits)
    {
        var planned = new SumRuns(digits);
        for (var first = 0; first < parts; first += TreeRun.MaxTrees)
        {
            planned.Add(new(0, first, Math.Min(first + TreeRun.MaxTrees, parts), 1), 1);
        }

        return planned;
    }

    /// <summary>Gets the number of steps that stands for a value of a run.</summary>
    /// <param name="run">The number of the run.</param>
    /// <param name="value">What a leaf value exceeds its tree's least one by.</param>
    public long Round(int run, double value) => (long)Math.Round(value / steps[run]);

    void Add(TreeRun run, double step)
    {
        runs.Add(run);
        steps.Add(step);
    }

    void AddOutput(int output, ReadOnlySpan<(double Range, bool IsFirst)> parts, int first, int end, int divisor)
    {
        var error = 0.0;
        while (first < end)
        {
            var runEnd = RunEnd(parts, first, end);
            var step = Step(parts[first..runEnd]);
            foreach (var part in parts[first..runEnd])
            {
                // A flow reaches one leaf of a tree: only one of its parts adds an error.
                error += part.IsFirst ? step / 2 / divisor : 0;
            }

            Add(new(output, first, runEnd, step / divisor), step);
            first = runEnd;
        }

        SumError = Math.Max(SumError, error);
    }

    static int RunEnd(ReadOnlySpan<(double Range, bool IsFirst)> parts, int first, int end)
    {
        var at = first + Group;
        while (at < end && at - first + Group <= TreeRun.MaxTrees
            && parts[at].Range >= parts[first].Range * SmallerRange)
        {
            at += Group;
        }

        return Math.Min(at, end);
    }

    /// <summary>
    /// Computes the value of one step of the lowest digit, so that the largest leaf value still fits.
    /// </summary>
    double Step(ReadOnlySpan<(double Range, bool IsFirst)> ofRun)
    {
        var largest = 0.0;
        foreach (var part in ofRun)
        {
            largest = Math.Max(largest, part.Range);
        }

        return largest == 0 ? 1 : largest / ((1L << (8 * Digits)) - 1);
    }
}
