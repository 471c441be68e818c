using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Captures with the number of flows that each has of each class, to be divided whole. Greedy: the captures with the
/// rarest classes first, each to the side that it brings nearest to its share of all classes.
/// </summary>
sealed class CaptureGroups
{
    /// <summary>Limits the classes that a warning names.</summary>
    const int MaxNames = 20;

    readonly IReadOnlyList<string> labels;

    /// <summary>Holds each group's capture and its flows of each class, in the order of assignment.</summary>
    readonly (int Capture, Dictionary<int, int> Classes)[] groups;

    /// <summary>Holds the flows of each class in all.</summary>
    readonly int[] totals;

    /// <summary>Holds the captures that hold each class.</summary>
    readonly int[] spread;

    /// <summary>Says which capture holds nearly all flows; null where none does.</summary>
    readonly string? dominant;

    CaptureGroups(FlowSample flows, int seed)
    {
        labels = flows.Classes;
        dominant = DominantCapture.Explain(flows);
        totals = new int[labels.Count];
        spread = new int[labels.Count];
        var drawn = flows.Groups.Zip(flows.Labels).GroupBy(flow => flow.First).OrderBy(group => group.Key)
            .Select(group => (group.Key, group.CountBy(flow => flow.Second).ToDictionary())).ToArray();
        foreach (var (label, count) in drawn.SelectMany(group => group.Item2))
        {
            totals[label] += count;
            spread[label]++;
        }

        new Random(seed).Shuffle(drawn);
        // Stable, so the shuffle decides among equals.
        groups = [.. drawn.OrderBy(group => group.Item2.Keys.Min(label => spread[label]))
            .ThenByDescending(group => group.Item2.Values.Sum())];
    }

    public int Count => groups.Length;

    /// <exception cref="InputException">All flows are of one capture.</exception>
    public static CaptureGroups From(FlowSample flows, int seed)
    {
        var made = new CaptureGroups(flows, seed);
        return made.Count > 1
            ? made
            : throw new InputException($"all {flows.Count} labelled flows are of one {flows.Data.GroupWord}, which "
                + $"a split by {flows.Data.GroupWord} cannot divide: {DominantCapture.Remedy(flows.Data)}")
            {
                Settings = flows.Data.Groups.Count > 0 ? [] : [Setting.Split],
            };
    }

    /// <summary>The side of each group.</summary>
    /// <param name="shares">Share that each side is to have of every class.</param>
    public int[] Assign(double[] shares)
    {
        var have = new double[shares.Length, totals.Length];
        var sides = new int[groups.Length];
        for (var i = 0; i < groups.Length; i++)
        {
            var classes = groups[i].Classes;
            var side = Enumerable.Range(0, shares.Length)
                .MinBy(s => classes.Sum(c => Change(have[s, c.Key], (double)c.Value / totals[c.Key], shares[s])));
            sides[i] = side;
            foreach (var (label, count) in classes)
            {
                have[side, label] += (double)count / totals[label];
            }
        }

        return sides;
    }

    /// <summary>Change of a squared distance to the share wanted, relative to it, by adding a part.</summary>
    static double Change(double have, double part, double share) =>
        (Squared(have + part - share) - Squared(have - share)) / share;

    static double Squared(double x) => x * x;

    /// <summary>
    /// Sees to it that each class of two or more captures is on both of two sides, by moving the smallest capture that
    /// takes no other class off its side.
    /// </summary>
    public void EnsureClassesOnBothSides(int[] sides)
    {
        for (var label = 0; label < totals.Length; label++)
        {
            if (spread[label] < 2)
            {
                continue;
            }

            var holders = Enumerable.Range(0, groups.Length).Where(i => groups[i].Classes.ContainsKey(label)).ToArray();
            if (holders.All(i => sides[i] == sides[holders[0]]))
            {
                var moved = holders.Where(i => CanMove(i, label, sides)).DefaultIfEmpty(holders[0])
                    .MinBy(i => groups[i].Classes.Values.Sum());
                sides[moved] = 1 - sides[moved];
            }
        }
    }

    bool CanMove(int group, int label, int[] sides) => groups[group].Classes.Keys.All(other => other == label
        || Enumerable.Range(0, groups.Length).Any(i => i != group && sides[i] == sides[group]
            && groups[i].Classes.ContainsKey(other)));

    public Dictionary<int, int> SidesByCapture(int[] sides) =>
        groups.Zip(sides).ToDictionary(pair => pair.First.Capture, pair => pair.Second);

    /// <summary>
    /// Names the classes that one capture holds alone, and a capture that holds nearly all flows.
    /// </summary>
    public string? Warning()
    {
        var alone = labels.Where((_, label) => spread[label] == 1).ToArray();
        string?[] warnings =
        [
            alone.Length == 0 ? null : $"in one capture only, and so on one side only: "
                + NameList.Format(alone, MaxNames),
            dominant is null ? null : $"the split by capture is lopsided: {dominant}",
        ];
        var text = string.Join("; ", warnings.OfType<string>());
        return text.Length == 0 ? null : text;
    }
}
