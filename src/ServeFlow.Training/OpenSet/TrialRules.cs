using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Training.OpenSet;

/// <summary>
/// Rules for tiers that are trained without a class. A tier that escalates by expected gain has no gain model there: it
/// escalates the same share of its flows by its confidence instead.
/// </summary>
static class TrialRules
{
    public static IReadOnlyList<TierRule> From(PlacedCascade placed) =>
    [
        .. placed.Calibration.Rules.Select((rule, number) =>
            rule.Measure == UncertaintyMeasure.ExpectedGain ? ByConfidence(placed, rule, number) : rule),
    ];

    static TierRule ByConfidence(PlacedCascade placed, TierRule rule, int number)
    {
        var (run, predictions) = (placed.Calibration.Run, placed.SeenPredictions[number]);
        var byConfidence = rule with { Measure = UncertaintyMeasure.LeastConfidence };
        var room = new float[predictions.Classes];
        int[] reached = [.. Enumerable.Range(0, run.Flows).Where(flow => run.Tier(flow) >= number)];
        double[] uncertainties = [.. reached.Select(flow =>
            (double)predictions.Decide(byConfidence, flow, room).Uncertainty).OrderDescending()];
        var escalated = reached.Count(flow => run.Tier(flow) > number);
        var threshold = escalated < uncertainties.Length ? uncertainties[escalated] : -1;
        return byConfidence with { Thresholds = [.. Enumerable.Repeat(threshold, predictions.Classes)] };
    }
}
