namespace ServeFlow.Training.Metrics;

/// <summary>
/// Area under the receiver operating characteristic: how well a score tells two kinds of flows apart.
/// </summary>
static class RocArea
{
    /// <summary>
    /// Probability that one of <paramref name="positive"/>, drawn at random, scores above one of
    /// <paramref name="negative"/>; a tie counts half. A half where either is empty.
    /// </summary>
    public static double Compute(IReadOnlyList<float> negative, IReadOnlyList<float> positive)
    {
        if (negative.Count == 0 || positive.Count == 0)
        {
            return 0.5;
        }

        float[] low = [.. negative.Order()];
        var sum = 0.0;
        foreach (var score in positive)
        {
            sum += (Below(low, score, orEqual: false) + Below(low, score, orEqual: true)) / 2.0;
        }

        return sum / low.Length / positive.Count;
    }

    /// <summary>Counts the scores, sorted ascending, that lie below one.</summary>
    static int Below(float[] rising, float score, bool orEqual)
    {
        var (from, to) = (0, rising.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (rising[middle] < score || (orEqual && rising[middle] == score))
            {
                from = middle + 1;
            }
            else
            {
                to = middle;
            }
        }

        return from;
    }
}
