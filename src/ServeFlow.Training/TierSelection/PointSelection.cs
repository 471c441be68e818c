namespace ServeFlow.Training.TierSelection;

/// <summary>
/// The best cascades of a search on each rung, and those that may be on a front. Owned by one thread.
/// </summary>
/// <param name="minCorrect">The flows that must be answered rightly, by rung.</param>
sealed class PointSelection(IReadOnlyList<int> minCorrect, PlacementObjective objective, int flows)
{
    readonly BestPoints[] byRung = [.. minCorrect.Select(_ => new BestPoints())];

    /// <summary>The best of any kind, whatever was asked for.</summary>
    public FrontPoints Front { get; } = new();

    public void Offer(in SearchPoint point)
    {
        Front.Offer(point);
        if (point.Correct < minCorrect[^1] || !objective.Allows(point, flows))
        {
            return;
        }

        var cost = objective.Cost(point);
        for (var rung = 0; rung < byRung.Length; rung++)
        {
            if (point.Correct >= minCorrect[rung])
            {
                byRung[rung].Offer(cost, point);
            }
        }
    }

    public void Add(PointSelection other)
    {
        foreach (var (mine, others) in byRung.Zip(other.byRung))
        {
            mine.Add(others);
        }

        Front.Add(other.Front);
    }

    /// <summary>Lists the best on the first rung that any cascade reaches, at most <paramref name="count"/>.</summary>
    public IEnumerable<SearchPoint> Best(int count) =>
        byRung.Select(best => best.Points).FirstOrDefault(points => points.Any(), []).Take(count);

    /// <summary>Gets the best on each rung, the strictest rung first.</summary>
    public IEnumerable<IEnumerable<SearchPoint>> ByRung => byRung.Select(best => best.Points);
}
