using ServeFlow.Models.BitSliced;

namespace ServeFlow.Models.SmallBatches;

/// <summary>A tree's leaf values within one run of trees.</summary>
/// <param name="Tree">Where the tree's leaf is found.</param>
/// <param name="Values">Place of the values of its leaves, by the leaf's number.</param>
readonly record struct LeafTable(int Tree, int Values);

/// <summary>
/// Adds the leaf values of one flow: the fixed-point numbers of a <see cref="SumPlan"/> in its order, so that the sums
/// equal those of the bit-sliced kernel in every bit. Immutable.
/// </summary>
sealed unsafe class LeafSums
{
    readonly double[] offsets;

    /// <summary>The runs, with places among <see cref="tables"/>.</summary>
    readonly TreeRun[] runs;

    readonly LeafTable[] tables;
    readonly uint[] values;

    LeafSums(double[] offsets, TreeRun[] runs, LeafTable[] tables, uint[] values) =>
        (this.offsets, this.runs, this.tables, this.values) = (offsets, runs, tables, values);

    /// <summary>Gets the look-ups for a flow.</summary>
    public int Tables => tables.Length;

    public long MemoryBytes => ((long)values.Length * sizeof(uint)) + ((long)tables.Length * sizeof(LeafTable))
        + ((long)runs.Length * sizeof(TreeRun));

    /// <param name="plan">The sums.</param>
    /// <param name="numbers">[tree of the plan]: the number of each leaf.</param>
    /// <param name="places">[tree of the plan]: the place where its leaf is found.</param>
    public static LeafSums Create(SumPlan plan, IReadOnlyList<int[]> numbers, IReadOnlyList<int> places)
    {
        var (tables, values) = (new List<LeafTable>[plan.Runs.Runs.Count], new List<uint>());
        var (run, part) = (0, 0);
        for (var tree = 0; tree < plan.Trees.Count; tree++)
        {
            var cut = plan.Trees[tree];
            for (var first = 0; first < cut.Roots.Count;)
            {
                // A run may end within a tree, whose leaves are then looked up once for each run.
                run += part == plan.Runs.Runs[run].End ? 1 : 0;
                var count = Math.Min(cut.Roots.Count - first, plan.Runs.Runs[run].End - part);
                (tables[run] ??= []).Add(new(places[tree], values.Count));
                values.AddRange(Values(plan, run, cut, first, count, numbers[tree]));
                (first, part) = (first + count, part + count);
            }
        }

        return new(plan.Offsets, [.. RunsOf(plan, tables)], [.. tables.SelectMany(ofRun => ofRun)], [.. values]);
    }

    /// <summary>Adds the values of the leaves that one flow reached.</summary>
    /// <param name="leaves">[tree]: the number of the leaf that was reached.</param>
    /// <param name="scores">Receives the sum of each output.</param>
    /// <param name="stride">Scores from an output to the next.</param>
    public void Add(ushort* leaves, double* scores, int stride)
    {
        Begin(scores, stride);
        fixed (uint* value = values)
        fixed (LeafTable* table = tables)
        {
            foreach (ref readonly var run in runs.AsSpan())
            {
                var sum = 0L;
                var end = table + run.End;
                for (var at = table + run.First; at < end; at++)
                {
                    sum += value[at->Values + leaves[at->Tree]];
                }

                scores[run.Output * stride] += sum * run.Unit;
            }
        }
    }

    /// <summary>Does what <see cref="Add"/> does for four flows at once: each table is looked for once.</summary>
    /// <param name="leaves">[flow × places]: the numbers of the leaves that each flow reached.</param>
    /// <param name="places">Leaves from a flow to the next.</param>
    /// <param name="scores">Receives the sums of each output, those of the four flows side by side.</param>
    /// <param name="stride">Scores from an output to the next.</param>
    public void AddFour(ushort* leaves, int places, double* scores, int stride)
    {
        for (var flow = 0; flow < 4; flow++)
        {
            Begin(scores + flow, stride);
        }

        var leaves1 = leaves + places;
        var leaves2 = leaves1 + places;
        var leaves3 = leaves2 + places;
        fixed (uint* value = values)
        fixed (LeafTable* table = tables)
        {
            foreach (ref readonly var run in runs.AsSpan())
            {
                long sum0 = 0, sum1 = 0, sum2 = 0, sum3 = 0;
                var end = table + run.End;
                for (var at = table + run.First; at < end; at++)
                {
                    var ofTree = value + at->Values;
                    nint tree = at->Tree;
                    sum0 += ofTree[leaves[tree]];
                    sum1 += ofTree[leaves1[tree]];
                    sum2 += ofTree[leaves2[tree]];
                    sum3 += ofTree[leaves3[tree]];
                }

                var score = scores + (run.Output * stride);
                score[0] += sum0 * run.Unit;
                score[1] += sum1 * run.Unit;
                score[2] += sum2 * run.Unit;
                score[3] += sum3 * run.Unit;
            }
        }
    }

    void Begin(double* scores, int stride)
    {
        for (var output = 0; output < offsets.Length; output++)
        {
            scores[output * stride] = offsets[output];
        }
    }

    static uint[] Values(SumPlan plan, int run, CutTree cut, int firstPart, int parts, int[] numbers)
    {
        var table = new uint[numbers.Length];
        foreach (var root in cut.Roots.Skip(firstPart).Take(parts))
        {
            foreach (var leaf in cut.Leaves(root))
            {
                table[numbers[leaf]] = (uint)plan.Runs.Round(run, cut.Tree.LeafValues[leaf] - cut.MinLeafValue);
            }
        }

        return table;
    }

    static IEnumerable<TreeRun> RunsOf(SumPlan plan, List<LeafTable>[] tables)
    {
        var first = 0;
        for (var run = 0; run < tables.Length; run++)
        {
            yield return plan.Runs.Runs[run] with { First = first, End = first + tables[run].Count };
            first += tables[run].Count;
        }
    }
}
