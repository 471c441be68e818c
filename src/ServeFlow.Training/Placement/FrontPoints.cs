namespace ServeFlow.Training.Placement;

/// <summary>
/// Points that may be on the front of weighted F1 against mean time, median time or computing: of each twentieth of
/// each, the few that answer most flows rightly. Which of them are on a front is told by their exact scores.
/// </summary>
sealed class FrontPoints
{
    /// <summary>The most right answers need not make the best weighted F1.</summary>
    const int Kept = 3;

    /// <summary>Computing of a nanosecond to a minute on a scale of milliseconds from a microsecond on.</summary>
    const double NsOnScale = 1e-3;

    readonly SearchPoint[][] byMean = NewBins(), byMedian = NewBins(), byCompute = NewBins();

    public IEnumerable<SearchPoint> Points => byMean.Concat(byMedian).Concat(byCompute)
        .SelectMany(bin => bin.TakeWhile(IsPoint)).DistinctBy(p => p.Choices);

    public void Offer(in SearchPoint point)
    {
        Offer(byMean[TimeScale.Of(point.MeanMs)], point);
        Offer(byMedian[TimeScale.Of(point.MedianMs)], point);
        Offer(byCompute[TimeScale.Of(point.ComputeNs * NsOnScale)], point);
    }

    public void Add(FrontPoints other)
    {
        foreach (var point in other.Points)
        {
            Offer(point);
        }
    }

    static void Offer(SearchPoint[] bin, in SearchPoint point)
    {
        if (IsPoint(bin[^1]) && Compare(point, bin[^1]) >= 0)
        {
            return;
        }

        var place = bin.Length - 1;
        for (; place > 0 && (!IsPoint(bin[place - 1]) || Compare(point, bin[place - 1]) < 0); place--)
        {
            bin[place] = bin[place - 1];
        }

        bin[place] = point;
    }

    static bool IsPoint(SearchPoint point) => point.Choices.Count > 0;

    static int Compare(in SearchPoint a, in SearchPoint b) =>
        a.Correct != b.Correct ? b.Correct.CompareTo(a.Correct) : a.Choices.CompareTo(b.Choices);

    static SearchPoint[][] NewBins() => [.. Enumerable.Range(0, TimeScale.Steps).Select(_ => new SearchPoint[Kept])];
}
