using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.OpenSet;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.OpenSet;

/// <summary>
/// Turns measured flows into weights and a threshold, and scores them. What is said of a class that was left out rests
/// on weights that the class had no part in, and on a threshold set on other captures than its known flows come from.
/// </summary>
/// <param name="flows">Known flows.</param>
/// <param name="calibration">The same flows, each measured by models and openings that saw nothing of its capture:
/// what the thresholds that are served are set on.</param>
/// <param name="byFolds">The same flows measured by openings of as few captures as a trial's: what the thresholds of
/// trials are set on.</param>
/// <param name="isJudged">Whether the flow at a position is one that classes left out are held against.</param>
/// <param name="leftOut">Every class that was left out.</param>
sealed class NoveltyCalibrator(FlowSample flows, MeasuredFlows calibration, MeasuredFlows byFolds,
    Func<int, bool> isJudged, IReadOnlyList<LeftOutClass> leftOut)
{
    readonly int tiers = calibration.Tiers.Count;
    readonly int[] predicted = calibration.Predicted;

    /// <summary>Weights that a class had no part in; of all classes where it is −1.</summary>
    public IReadOnlyList<NoveltyWeights> Weights(int without = -1) =>
        [.. Enumerable.Range(0, tiers).Select(tier => Fit(tier, without))];

    public BundleUnknown Calibrate(IReadOnlyList<NoveltyWeights> weights, double budget)
    {
        var novelties = calibration.Novelties(weights);
        var thresholds = Thresholds(novelties, [.. Enumerable.Range(0, calibration.Count)], budget);
        return new(budget, thresholds.Common, novelties.Length, thresholds.Count(novelties, predicted),
            [.. leftOut.Select(c => EvaluateLeftOut(c, budget))])
        {
            Thresholds = [.. thresholds.ByClass.Select(threshold => (double)threshold)],
        };
    }

    /// <summary>Computes, for each class, the share of its flows that would get the right class and are answered
    /// unknown instead.</summary>
    public double[] LostRecall(IReadOnlyList<NoveltyWeights> weights, BundleUnknown unknown)
    {
        var novelties = calibration.Novelties(weights);
        var lost = new double[flows.Classes.Count];
        for (var flow = 0; flow < novelties.Length; flow++)
        {
            var label = flows.Labels[flow];
            lost[label] += predicted[flow] == label && novelties[flow] > (float)unknown.Thresholds![label] ? 1 : 0;
        }

        var flowsOf = flows.Labels.CountBy(label => label).ToDictionary();
        return [.. lost.Select((count, label) => flowsOf.TryGetValue(label, out var all) ? count / all : 0)];
    }

    /// <summary>Finds the flows that are answered unknown, by position.</summary>
    public bool[] FindRejected(IReadOnlyList<NoveltyWeights> weights, BundleUnknown unknown) =>
        [.. calibration.Novelties(weights).Select((novelty, flow) =>
            novelty > (float)unknown.Thresholds![predicted[flow]])];

    BundleLeftOut EvaluateLeftOut(LeftOutClass left, double budget)
    {
        var weights = Weights(left.Label);
        int[] others = [.. Enumerable.Range(0, calibration.Count)
            .Where(f => !isJudged(f) && flows.Labels[f] != left.Label)];
        var thresholds = Thresholds(byFolds.Subset(others).Novelties(weights), others, budget);
        var (known, unknown) = (left.Known.Novelties(weights), left.Unknown.Novelties(weights));
        return new(flows.Classes[left.Label], unknown.Length, RocArea.Compute(known, unknown),
            (double)thresholds.Count(unknown, left.Unknown.Predicted) / unknown.Length,
            (double)thresholds.Count(known, left.Known.Predicted) / known.Length,
            [
                .. Enumerable.Range(0, tiers).Select(t =>
                    RocArea.Compute(left.Known.Novelties(weights, t), left.Unknown.Novelties(weights, t))),
            ]);
    }

    /// <param name="novelties">The novelties of some of the calibration flows.</param>
    /// <param name="positions">Their positions.</param>
    NoveltyThresholds Thresholds(float[] novelties, int[] positions, double budget) =>
        NoveltyThresholds.Compute(novelties, [.. positions.Select(f => predicted[f])],
            [.. positions.Select(f => flows.Labels[f])], flows.Classes.Count, budget);

    NoveltyWeights Fit(int tier, int without)
    {
        var fit = new LogisticFit();
        foreach (var left in leftOut.Where(c => c.Label != without))
        {
            fit.Add(left.Known.Tiers[tier].Signals, areUnknown: false);
            fit.Add(left.Unknown.Tiers[tier].Signals, areUnknown: true);
        }

        return fit.Fit();
    }
}
