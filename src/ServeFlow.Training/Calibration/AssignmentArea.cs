using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Computes how well an order of escalation tells which flows gain by it, in one number: the area under (share
/// escalated, weighted F1), 0 where it equals escalation at random and 1 where it equals the oracle, which escalates
/// first what the last tier corrects and last what it worsens.
/// </summary>
static class AssignmentArea
{
    /// <param name="curve">Followed from nothing escalated on; where it ends early, the rest follows at random.</param>
    /// <param name="answered">Flows that earlier tiers have answered.</param>
    /// <param name="samples">Flows that reach the tier.</param>
    /// <returns>At most 1; below 0 where chance does better. 1 where the oracle gains nothing over chance.</returns>
    public static double Compute(AssignmentCurve curve, ConfusionMatrix answered,
        IReadOnlyList<AssignmentSample> samples)
    {
        var points = curve.PointsOf(samples);
        return Compute(samples.Index().GroupBy(s => points[s.Index], s => s.Item).OrderBy(g => g.Key), answered,
            samples);
    }

    /// <summary>
    /// The same of an order in which each flow's place was found on other captures. What an order owes to chance does
    /// not show in it.
    /// </summary>
    /// <param name="shares">Share of flows that is escalated when the flow is, by flow.</param>
    public static double Compute(double[] shares, IReadOnlyList<AssignmentSample> samples)
    {
        var answered = new ConfusionMatrix(1 + samples.Max(s => Math.Max(s.Label, Math.Max(s.Fast, s.Slow))));
        return Compute(samples.Index().GroupBy(s => shares[s.Index], s => s.Item).OrderBy(g => g.Key), answered,
            samples);
    }

    /// <summary>
    /// Computes the area for flows in groups, each group escalated before the next and in no order within.
    /// </summary>
    internal static double Compute(IEnumerable<IEnumerable<AssignmentSample>> order, ConfusionMatrix answered,
        IReadOnlyList<AssignmentSample> samples)
    {
        var random = MixtureSeries.Area(MixtureSeries.Random(answered, samples));
        var gained = MixtureSeries.Area(MixtureSeries.Oracle(answered, samples)) - random;
        var own = MixtureSeries.Area(MixtureSeries.Compute(answered, [.. order.Select(g => g.ToArray())]));
        return gained <= MinGain ? 1 : (own - random) / gained;
    }

    /// <summary>Exceeds what rounding alone could produce.</summary>
    const double MinGain = 1e-12;
}
