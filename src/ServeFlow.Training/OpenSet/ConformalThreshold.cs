namespace ServeFlow.Training.OpenSet;

/// <summary>
/// The threshold of split conformal prediction: its rank among calibration scores is chosen so that a further flow,
/// exchangeable with them, exceeds it with a probability of at most the budget, whatever the scores' distribution and
/// however few they are.
/// </summary>
static class ConformalThreshold
{
    /// <summary>Never exceeded: what few flows can promise.</summary>
    public const float Never = 1;

    /// <summary>
    /// Computes the threshold: of n scores and the new one, each rank of the new one is equally likely, so it is above
    /// the k-th with a probability of at most 1 − k / (n + 1).
    /// </summary>
    /// <param name="novelties">The novelties of known flows; below 1.</param>
    /// <param name="budget">Between 0 and 1.</param>
    public static float Compute(IReadOnlyCollection<float> novelties, double budget)
    {
        var rank = (int)Math.Ceiling((1 - budget) * (novelties.Count + 1L));
        return rank > novelties.Count ? Never : novelties.Order().ElementAt(Math.Max(rank, 1) - 1);
    }
}
