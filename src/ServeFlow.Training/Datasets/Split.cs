namespace ServeFlow.Training.Datasets;

/// <summary>
/// Divides flows into parts to train on and parts held back. The same seed gives the same parts. Where windows are the
/// units, those of one flow stay together whatever the split.
/// </summary>
public static class Split
{
    /// <summary>
    /// Divides <paramref name="flows"/> in two so that of each class about <paramref name="restShare"/> is held back.
    /// </summary>
    /// <exception cref="InputException">By capture, and there is only one; or one side stays empty.</exception>
    public static SplitParts Create(FlowSample flows, double restShare, SplitKind kind, int seed) =>
        kind switch
        {
            SplitKind.Capture => ByCapture(flows, restShare, seed),
            SplitKind.Time => ByTime(flows, restShare),
            _ => ByFlow(flows, restShare, seed),
        };

    /// <summary>No capture has flows on both sides; each class of two or more captures is on both.</summary>
    public static SplitParts ByCapture(FlowSample flows, double restShare, int seed)
    {
        var groups = CaptureGroups.From(flows, seed);
        var assigned = groups.Assign([1 - restShare, restShare]);
        groups.EnsureClassesOnBothSides(assigned);
        var sideOf = groups.SidesByCapture(assigned);
        return Parts(flows, position => sideOf[flows.Groups[position]] == 1, groups.Warning());
    }

    /// <summary>
    /// Holds back, of each class, the flows that begin last, so that training precedes all that is tested.
    /// </summary>
    public static SplitParts ByTime(FlowSample flows, double restShare)
    {
        var rest = new HashSet<int>();
        foreach (var ofClass in WholeFlows(flows).GroupBy(whole => flows.Labels[whole[0]]))
        {
            var ordered = InTime(flows, ofClass);
            rest.UnionWith(ordered[Cut(ordered.Length, restShare)..].SelectMany(whole => whole));
        }

        return Parts(flows, rest.Contains, "split by time: flows of one session may lie on both sides of the cut");
    }

    /// <summary>Holds back, of each class, flows drawn at random.</summary>
    public static SplitParts ByFlow(FlowSample flows, double restShare, int seed)
    {
        var random = new Random(seed);
        var rest = new HashSet<int>();
        foreach (var ofClass in WholeFlows(flows).GroupBy(whole => flows.Labels[whole[0]]).OrderBy(g => g.Key))
        {
            var drawn = ofClass.OrderBy(whole => flows.FlowIndex(whole[0])).ToArray();
            random.Shuffle(drawn);
            rest.UnionWith(drawn[Cut(drawn.Length, restShare)..].SelectMany(whole => whole));
        }

        return Parts(flows, rest.Contains,
            "split by flow: flows of one session are on both sides, and scores are better than they will be in use");
    }

    /// <summary>Divides flows into <paramref name="count"/> folds; each part's rest is one fold, its training part all
    /// others.</summary>
    /// <exception cref="InputException">There are fewer captures, or flows, than folds.</exception>
    public static IReadOnlyList<SplitParts> Folds(FlowSample flows, int count, SplitKind kind, int seed)
    {
        var (foldOf, warning) = kind == SplitKind.Capture
            ? FoldsByCapture(flows, count, seed)
            : FoldsByFlow(flows, count, kind, seed);
        return
        [
            .. Enumerable.Range(0, count).Select(fold => Parts(flows, position => foldOf(position) == fold, warning)),
        ];
    }

    static (Func<int, int> FoldOf, string? Warning) FoldsByCapture(FlowSample flows, int count, int seed)
    {
        var groups = CaptureGroups.From(flows, seed);
        if (groups.Count < count)
        {
            throw new InputException($"{count} folds by capture of flows from {groups.Count} {flows.Data.GroupWord}s; "
                + "ask for fewer folds, or split by time")
            {
                Settings = [Setting.Split],
            };
        }

        var sideOf = groups.SidesByCapture(groups.Assign([.. Enumerable.Repeat(1.0 / count, count)]));
        return (position => sideOf[flows.Groups[position]], groups.Warning());
    }

    /// <summary>
    /// Divides each class over folds: by flow in random order; by time in stretches, one after the other.
    /// </summary>
    static (Func<int, int> FoldOf, string? Warning) FoldsByFlow(FlowSample flows, int count, SplitKind kind,
        int seed)
    {
        var random = new Random(seed);
        var folds = new int[flows.Count];
        var dealt = 0;
        foreach (var ofClass in WholeFlows(flows).GroupBy(whole => flows.Labels[whole[0]]).OrderBy(g => g.Key))
        {
            var ordered = InTime(flows, ofClass);
            if (kind == SplitKind.Flow)
            {
                random.Shuffle(ordered);
            }

            for (var i = 0; i < ordered.Length; i++)
            {
                var fold = kind == SplitKind.Flow ? dealt++ % count : (int)((long)i * count / ordered.Length);
                Array.ForEach(ordered[i], position => folds[position] = fold);
            }
        }

        var by = kind.ToString().ToLowerInvariant();
        return (position => folds[position], $"folds by {by}: flows of one session are in several");
    }

    /// <summary>Gets what stays together, as positions: the windows of one flow, or each flow by itself.</summary>
    static IEnumerable<int[]> WholeFlows(FlowSample flows)
    {
        var first = flows.Data.FirstOfFlow();
        return Enumerable.Range(0, flows.Count).GroupBy(position => first[flows.FlowIndex(position)])
            .Select(whole => whole.ToArray());
    }

    static int[][] InTime(FlowSample flows, IEnumerable<int[]> wholes) =>
        [.. wholes.OrderBy(whole => flows[whole[0]].FirstNs).ThenBy(whole => flows.FlowIndex(whole[0]))];

    /// <summary>Computes how many flows of a class train: at least one, and not all where there are two.</summary>
    static int Cut(int flows, double restShare) =>
        flows < 2 ? flows : Math.Clamp((int)Math.Round(flows * (1 - restShare)), 1, flows - 1);

    /// <param name="isRest">Whether the flow at a position is held back.</param>
    static SplitParts Parts(FlowSample flows, Func<int, bool> isRest, string? warning)
    {
        var ordered = Enumerable.Range(0, flows.Count).OrderBy(flows.FlowIndex).ToLookup(isRest);
        var parts = new SplitParts(flows.Subset([.. ordered[false]]), flows.Subset([.. ordered[true]]), warning);
        return parts.Train.Count > 0 && parts.HeldOut.Count > 0
            ? parts
            : throw EmptySide(flows);
    }

    static InputException EmptySide(FlowSample flows)
    {
        var groups = flows.Groups.Distinct().Count();
        return new($"{flows.Count} flows of {groups} {flows.Data.GroupWord}s cannot be divided: each class trains, and "
            + $"nothing is left to hold back; give flows of each class in several {flows.Data.GroupWord}s")
        {
            Settings = [Setting.Split],
        };
    }
}
