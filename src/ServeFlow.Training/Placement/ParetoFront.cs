namespace ServeFlow.Training.Placement;

/// <summary>The candidates that none other beats in both weighted F1 and latency.</summary>
public static class ParetoFront
{
    /// <summary>For each candidate, whether it is on the front.</summary>
    public static IReadOnlyList<bool> Of(IReadOnlyList<TierCandidate> candidates) =>
        [.. candidates.Select(c => !candidates.Any(other => Dominates(other, c)))];

    static bool Dominates(TierCandidate a, TierCandidate b) =>
        a.WeightedF1 >= b.WeightedF1 && a.LatencyNsMedian <= b.LatencyNsMedian
        && (a.WeightedF1 > b.WeightedF1 || a.LatencyNsMedian < b.LatencyNsMedian);
}
