namespace ServeFlow.Training.Datasets;

/// <summary>
/// Divides flows into parts to train on and parts held back. The same seed gives the same parts. Where windows are the
/// units, those of one flow stay together whatever the split.
/// </summary>
public static class Split
{
    /// <summary>Reads <c>capture</c>, <c>time</c> or <c>flow</c>.</summary>
    /// <exception cref="InputException">It is none of them.</exception>
    public static SplitKind Parse(string text) => text.ToLowerInvariant() switch
    {
        "capture" => SplitKind.Capture,
        "time" => SplitKind.Time,
        "flow" => SplitKind.Flow,
        _ => throw new InputException($"--split '{text}': unknown; use capture, time or flow"),
    };

    /// <summary>Divides all flows in two.</summary>
    /// <inheritdoc cref="Create(DataSet, IReadOnlyList{int}, double, SplitKind, int)"/>
    public static SplitParts Create(DataSet data, double restShare, SplitKind kind, int seed) =>
        Create(data, [.. Enumerable.Range(0, data.Flows.Count)], restShare, kind, seed);

    /// <summary>
    /// Divides <paramref name="flows"/> in two so that of each class about <paramref name="restShare"/> is held back.
    /// </summary>
    /// <exception cref="InputException">By capture, and there is only one; or one side stays empty.</exception>
    public static SplitParts Create(DataSet data, IReadOnlyList<int> flows, double restShare, SplitKind kind, int seed) =>
        kind switch
        {
            SplitKind.Capture => ByCapture(data, flows, restShare, seed),
            SplitKind.Time => ByTime(data, flows, restShare),
            _ => ByFlow(data, flows, restShare, seed),
        };

    /// <summary>No capture has flows on both sides; each class of two or more captures is on both.</summary>
    public static SplitParts ByCapture(DataSet data, IReadOnlyList<int> flows, double restShare, int seed)
    {
        var groups = CaptureGroups.From(data, flows, seed);
        var assigned = groups.Assign([1 - restShare, restShare]);
        groups.EnsureClassesOnBothSides(assigned);
        var sideOf = groups.SidesByCapture(assigned);
        return Parts(flows, flow => sideOf[data.Flows[flow].Capture] == 1, groups.Warning());
    }

    /// <summary>Of each class the flows that begin last are held back, so that training precedes all that is
    /// tested.</summary>
    public static SplitParts ByTime(DataSet data, IReadOnlyList<int> flows, double restShare)
    {
        var rest = new HashSet<int>();
        foreach (var ofClass in WholeFlows(data, flows).GroupBy(whole => data.Flows[whole[0]].Label))
        {
            var ordered = InTime(data, ofClass);
            rest.UnionWith(ordered[Cut(ordered.Length, restShare)..].SelectMany(whole => whole));
        }

        return Parts(flows, rest.Contains, "split by time: flows of one session may lie on both sides of the cut");
    }

    /// <summary>Of each class flows drawn at random are held back.</summary>
    public static SplitParts ByFlow(DataSet data, IReadOnlyList<int> flows, double restShare, int seed)
    {
        var random = new Random(seed);
        var rest = new HashSet<int>();
        foreach (var ofClass in WholeFlows(data, flows).GroupBy(whole => data.Flows[whole[0]].Label).OrderBy(g => g.Key))
        {
            var drawn = ofClass.OrderBy(whole => whole[0]).ToArray();
            random.Shuffle(drawn);
            rest.UnionWith(drawn[Cut(drawn.Length, restShare)..].SelectMany(whole => whole));
        }

        return Parts(flows, rest.Contains,
            "split by flow: flows of one session are on both sides, and scores are better than they will be in use");
    }

    /// <summary>Divides flows into <paramref name="count"/> folds; each part's rest is one fold, its training part all
    /// others.</summary>
    /// <exception cref="InputException">There are fewer captures, or flows, than folds.</exception>
    public static IReadOnlyList<SplitParts> Folds(DataSet data, IReadOnlyList<int> flows, int count, SplitKind kind,
        int seed)
    {
        var (foldOf, warning) = kind == SplitKind.Capture
            ? FoldsByCapture(data, flows, count, seed)
            : FoldsByFlow(data, flows, count, kind, seed);
        return [.. Enumerable.Range(0, count).Select(fold => Parts(flows, flow => foldOf(flow) == fold, warning))];
    }

    static (Func<int, int> FoldOf, string? Warning) FoldsByCapture(DataSet data, IReadOnlyList<int> flows, int count,
        int seed)
    {
        var groups = CaptureGroups.From(data, flows, seed);
        if (groups.Count < count)
        {
            throw new InputException($"{count} folds by capture of flows from {groups.Count} captures; "
                + "ask for fewer folds or use --split time");
        }

        var sideOf = groups.SidesByCapture(groups.Assign([.. Enumerable.Repeat(1.0 / count, count)]));
        return (flow => sideOf[data.Flows[flow].Capture], groups.Warning());
    }

    /// <summary>By flow each class is dealt out in random order; by time in stretches, one after the other.</summary>
    static (Func<int, int> FoldOf, string? Warning) FoldsByFlow(DataSet data, IReadOnlyList<int> flows, int count,
        SplitKind kind, int seed)
    {
        var random = new Random(seed);
        var folds = new Dictionary<int, int>(flows.Count);
        var dealt = 0;
        foreach (var ofClass in WholeFlows(data, flows).GroupBy(whole => data.Flows[whole[0]].Label).OrderBy(g => g.Key))
        {
            var ordered = InTime(data, ofClass);
            if (kind == SplitKind.Flow)
            {
                random.Shuffle(ordered);
            }

            for (var i = 0; i < ordered.Length; i++)
            {
                var fold = kind == SplitKind.Flow ? dealt++ % count : (int)((long)i * count / ordered.Length);
                Array.ForEach(ordered[i], flow => folds[flow] = fold);
            }
        }

        var by = kind.ToString().ToLowerInvariant();
        return (flow => folds[flow], $"folds by {by}: flows of one session are in several");
    }

    /// <summary>What stays together: the windows of one flow, or each flow by itself.</summary>
    static IEnumerable<int[]> WholeFlows(DataSet data, IReadOnlyList<int> flows)
    {
        var first = data.FirstOfFlow();
        return flows.GroupBy(flow => first[flow]).Select(whole => whole.ToArray());
    }

    static int[][] InTime(DataSet data, IEnumerable<int[]> wholes) =>
        [.. wholes.OrderBy(whole => data.Flows[whole[0]].FirstNs).ThenBy(whole => whole[0])];

    /// <summary>How many of a class train: at least one, and not all where there are two.</summary>
    static int Cut(int flows, double restShare) =>
        flows < 2 ? flows : Math.Clamp((int)Math.Round(flows * (1 - restShare)), 1, flows - 1);

    static SplitParts Parts(IReadOnlyList<int> flows, Func<int, bool> isRest, string? warning)
    {
        var ordered = flows.Order().ToLookup(isRest);
        var parts = new SplitParts([.. ordered[false]], [.. ordered[true]], warning);
        return parts.Train.Count > 0 && parts.HeldOut.Count > 0
            ? parts
            : throw new InputException($"{flows.Count} flows cannot be divided: one side stays empty; give more flows");
    }
}
