namespace ServeFlow.Training.TierSelection;

/// <summary>The few cheapest of many points. What costs the same is settled by the tiers, so that the order in which
/// points are offered does not matter.</summary>
sealed class BestPoints
{
    /// <summary>
    /// Limits the points that stand by: calibration may find that the very best does not keep its promise.
    /// </summary>
    const int Capacity = 24;

    readonly List<(double Cost, SearchPoint Point)> kept = new(Capacity + 1);

    /// <summary>Gets the points, the cheapest first.</summary>
    public IEnumerable<SearchPoint> Points => kept.Select(k => k.Point);

    public void Offer(double cost, in SearchPoint point)
    {
        if (kept.Count == Capacity && Compare((cost, point), kept[^1]) >= 0)
        {
            return;
        }

        var place = kept.Count;
        while (place > 0 && Compare((cost, point), kept[place - 1]) < 0)
        {
            place--;
        }

        kept.Insert(place, (cost, point));
        if (kept.Count > Capacity)
        {
            kept.RemoveAt(Capacity);
        }
    }

    public void Add(BestPoints other)
    {
        foreach (var (cost, point) in other.kept)
        {
            Offer(cost, point);
        }
    }

    static int Compare(in (double Cost, SearchPoint Point) a, in (double Cost, SearchPoint Point) b) =>
        a.Cost != b.Cost ? a.Cost.CompareTo(b.Cost) : a.Point.Choices.CompareTo(b.Point.Choices);
}
