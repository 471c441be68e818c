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
/// <param name="calibration">The same flows, each measured by models and openings that saw nothing of its
/// capture.</param>
/// <param name="isJudged">Whether the flow at a position is one that classes left out are held against.</param>
/// <param name="leftOut">Every class that was left out.</param>
sealed class NoveltyCalibrator(FlowSample flows, MeasuredFlows calibration, Func<int, bool> isJudged,
    IReadOnlyList<LeftOutClass> leftOut)
{
    readonly int tiers = calibration.Signals.Count;

    /// <summary>Weights that a class had no part in; of all classes where it is −1.</summary>
    public IReadOnlyList<NoveltyWeights> Weights(int without = -1) =>
        [.. Enumerable.Range(0, tiers).Select(tier => Fit(tier, without))];

    public BundleUnknown Calibrate(IReadOnlyList<NoveltyWeights> weights, double budget)
    {
        var novelties = calibration.Novelties(weights);
        var threshold = ConformalThreshold.Compute(novelties, budget);
        return new(budget, threshold, novelties.Length, novelties.Count(n => n > threshold),
            [.. leftOut.Select(c => EvaluateLeftOut(c, budget))]);
    }

    BundleLeftOut EvaluateLeftOut(LeftOutClass left, double budget)
    {
        var weights = Weights(left.Label);
        int[] others = [.. Enumerable.Range(0, calibration.Count)
            .Where(f => !isJudged(f) && flows.Labels[f] != left.Label)];
        var threshold = ConformalThreshold.Compute(calibration.Subset(others).Novelties(weights), budget);
        var (known, unknown) = (left.Known.Novelties(weights), left.Unknown.Novelties(weights));
        return new(flows.Classes[left.Label], unknown.Length, RocArea.Compute(known, unknown),
            ShareAbove(unknown, threshold),
            ShareAbove(known, threshold),
            [
                .. Enumerable.Range(0, tiers).Select(t =>
                    RocArea.Compute(left.Known.Novelties(weights, t), left.Unknown.Novelties(weights, t))),
            ]);
    }

    static double ShareAbove(float[] novelties, float threshold) =>
        (double)novelties.Count(n => n > threshold) / novelties.Length;

    NoveltyWeights Fit(int tier, int without)
    {
        var fit = new LogisticFit();
        foreach (var left in leftOut.Where(c => c.Label != without))
        {
            fit.Add(left.Known.Signals[tier], areUnknown: false);
            fit.Add(left.Unknown.Signals[tier], areUnknown: true);
        }

        return fit.Fit();
    }
}
