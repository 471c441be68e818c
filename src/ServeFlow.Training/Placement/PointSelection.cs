namespace ServeFlow.Training.Placement;

/// <summary>The best cascades of a search on each rung. Of equal ones the first in the order of names.</summary>
sealed class PointSelection(IReadOnlyList<PlacementRung> rungs, PlacementObjective objective)
{
    /// <summary>Calibration may find that the very best does not keep its promise: so many stand by.</summary>
    const int Kept = 24;

    /// <summary>Cost is the key, so that the worst stands last; names settle what costs the same.</summary>
    readonly SortedSet<(double Cost, string Name, int Number)>[] byRung =
        [.. rungs.Select(_ => new SortedSet<(double, string, int)>())];

    readonly Dictionary<int, MeasuredPoint> points = [];
    readonly double leastAccuracy = rungs.Min(r => r.Accuracy);
    int number;

    /// <summary>The best of any kind, by accuracy and mean time: no other is better in both.</summary>
    public ParetoPoints Front { get; } = new();

    /// <summary>Whether a cascade of this accuracy can be among the selected.</summary>
    public bool IsWorthMeasuring(double accuracy) => accuracy >= leastAccuracy;

    public void Offer(MeasuredPoint point)
    {
        Front.Offer(point.Point);
        if (!objective.Allows(point.Point))
        {
            return;
        }

        var entry = (objective.Cost(point.Point), string.Join(',', point.Point.Tiers), number++);
        var isKept = false;
        for (var rung = 0; rung < rungs.Count; rung++)
        {
            isKept |= point.Point.Accuracy >= rungs[rung].Accuracy && Keep(byRung[rung], entry);
        }

        if (isKept)
        {
            points[entry.Item3] = point;
        }
    }

    public void Add(PointSelection other)
    {
        foreach (var point in other.byRung.SelectMany(set => set).Select(e => e.Number).Distinct().Order())
        {
            Offer(other.points[point]);
        }

        foreach (var point in other.Front.Points)
        {
            Front.Offer(point);
        }
    }

    /// <summary>The best on the first rung that any cascade reaches, at most so many.</summary>
    public IEnumerable<MeasuredPoint> Best(int count) =>
        byRung.FirstOrDefault(set => set.Count > 0, []).Take(count).Select(entry => points[entry.Number]);

    /// <summary>The best on each rung, the strictest rung first.</summary>
    public IEnumerable<IEnumerable<MeasuredPoint>> ByRung =>
        byRung.Select(set => set.Select(entry => points[entry.Number]));

    static bool Keep(SortedSet<(double, string, int)> set, (double, string, int) entry)
    {
        if (set.Count == Kept && entry.CompareTo(set.Max) >= 0)
        {
            return false;
        }

        set.Add(entry);
        if (set.Count > Kept)
        {
            set.Remove(set.Max);
        }

        return true;
    }
}
