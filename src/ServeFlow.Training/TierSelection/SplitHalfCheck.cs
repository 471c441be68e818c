using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Tells how far a placement flatters itself: thresholds for the chosen tiers are found on half of the captures and
/// judged on the other half, both ways. The tiers themselves were chosen on all, and half of the flows make coarser
/// thresholds, so this is neither quite honest nor quite fair; it tells the size of what to expect on captures to come.
/// </summary>
/// <param name="FittedLoss">Weighted F1 lost against the last tier on every flow, on the half that thresholds were
/// chosen on.</param>
/// <param name="HeldOutLoss">The same on the half that they were not.</param>
public sealed record SplitHalfCheck(double FittedLoss, double HeldOutLoss)
{
    /// <param name="flows">The calibration flows; those of one capture stay together.</param>
    /// <param name="calibrate">Finds thresholds for tiers as the placement did.</param>
    /// <returns>Null where there is but one tier or one capture.</returns>
    internal static SplitHalfCheck? Compute(PlacedCascade cascade, FlowSample flows,
        Func<FlowSample, IReadOnlyList<CalibrationTier>, CascadeCalibration> calibrate)
    {
        // Every other capture: those taken one after the other, which often are alike, are divided evenly.
        var odd = flows.Captures.Distinct().Order().Where((_, i) => i % 2 == 1).ToHashSet();
        if (odd.Count == 0 || cascade.Tiers.Count == 1)
        {
            return null;
        }

        int[][] halves =
            [flows.Positions(flow => odd.Contains(flow.Capture)), flows.Positions(flow => !odd.Contains(flow.Capture))];
        var checks = new[] { (halves[0], halves[1]), (halves[1], halves[0]) }.Select(pair =>
        {
            var (own, other) = (new Half(cascade, flows, pair.Item1), new Half(cascade, flows, pair.Item2));
            var rules = calibrate(own.Flows, own.Tiers).Rules;
            return (Own: own.Loss(rules), Other: other.Loss(rules));
        }).ToList();
        return new(checks.Average(c => c.Own), checks.Average(c => c.Other));
    }

    /// <summary>Some of the flows, and the tiers' predictions of them.</summary>
    sealed class Half(PlacedCascade cascade, FlowSample flows, int[] positions)
    {
        public FlowSample Flows { get; } = flows.Subset(positions);

        public IReadOnlyList<CalibrationTier> Tiers { get; } =
            [.. cascade.Tiers.Select(t => new CalibrationTier(t.Spec.Depth, t.Predictions.Subset(positions)))];

        public double Loss(IReadOnlyList<ServeFlow.Cascade.Decisions.TierRule> rules)
        {
            var tiers = Tiers.Select(t => t.Predictions).ToList();
            return F1(CascadeRun.SingleTier(tiers, tiers.Count - 1)) - F1(CascadeRun.ByRules(rules, tiers));
        }

        double F1(CascadeRun run) => run.Score(Flows).WeightedF1;
    }
}
