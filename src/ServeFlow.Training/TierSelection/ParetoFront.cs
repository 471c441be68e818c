namespace ServeFlow.Training.TierSelection;

/// <summary>Finds what none other beats in both score and cost.</summary>
static class ParetoFront
{
    /// <summary>
    /// Determines, for each candidate, whether it is on the front of weighted F1 and median time to an answer.
    /// </summary>
    public static IReadOnlyList<bool> Compute(IReadOnlyList<TierCandidate> candidates) =>
        Compute([.. candidates.Select(c => (c.WeightedF1, c.LatencyNsMedian))]);

    /// <summary>
    /// Determines, for each point, whether no other has as high a score at as low a cost, and one of them better.
    /// </summary>
    public static IReadOnlyList<bool> Compute(IReadOnlyList<(double Score, double Cost)> points)
    {
        var isOnFront = new bool[points.Count];
        var best = double.NegativeInfinity;
        foreach (var group in points.Index().GroupBy(p => p.Item.Cost).OrderBy(g => g.Key))
        {
            var score = group.Max(p => p.Item.Score);
            foreach (var (place, _) in group.Where(p => p.Item.Score == score && score > best))
            {
                isOnFront[place] = true;
            }

            best = Math.Max(best, score);
        }

        return isOnFront;
    }
}
