namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Points that may be on the front of weighted F1 against mean time, median time or computing: of each twentieth of
/// each, the few that answer most flows rightly. Which of them are on a front is told by their exact scores.
/// </summary>
sealed class FrontPoints
{
    /// <summary>The most right answers need not make the best weighted F1.</summary>
    const int PointsPerBin = 3;

    /// <summary>Computing of a nanosecond to a minute on a scale of milliseconds from a microsecond on.</summary>
    const double NsOnScale = 1e-3;

    readonly Bins byMean = new(), byMedian = new(), byCompute = new();

    public IEnumerable<SearchPoint> Points =>
        byMean.Points.Concat(byMedian.Points).Concat(byCompute.Points).DistinctBy(p => p.Choices);

    public void Offer(in SearchPoint point)
    {
        byMean.Offer(TimeScale.ToStep(point.MeanMs), point);
        byMedian.Offer(TimeScale.ToStep(point.MedianMs), point);
        byCompute.Offer(TimeScale.ToStep(point.ComputeNs * NsOnScale), point);
    }

    public void Add(FrontPoints other)
    {
        foreach (var point in other.Points)
        {
            Offer(point);
        }
    }

    /// <summary>Represents the best points of each step, the best first.</summary>
    sealed class Bins
    {
        readonly List<SearchPoint>[] bins =
            [.. Enumerable.Range(0, TimeScale.Steps).Select(_ => new List<SearchPoint>())];

        /// <summary>Holds, by step, the right answers below which a point is not looked at: most are not.</summary>
        readonly int[] minCorrect = new int[TimeScale.Steps];

        public IEnumerable<SearchPoint> Points => bins.SelectMany(bin => bin);

        public void Offer(int step, in SearchPoint point)
        {
            if (point.Correct < minCorrect[step])
            {
                return;
            }

            var bin = bins[step];
            var place = bin.Count;
            while (place > 0 && IsBetter(point, bin[place - 1]))
            {
                place--;
            }

            bin.Insert(place, point);
            if (bin.Count > PointsPerBin)
            {
                bin.RemoveAt(PointsPerBin);
            }

            minCorrect[step] = bin.Count < PointsPerBin ? 0 : bin[^1].Correct;
        }

        static bool IsBetter(in SearchPoint a, in SearchPoint b) => a.Correct != b.Correct
            ? a.Correct > b.Correct
            : a.Choices.CompareTo(b.Choices) < 0;
    }
}
