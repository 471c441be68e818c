using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>A tier as calibration needs it.</summary>
/// <param name="Depth">Packets that it waits for.</param>
/// <param name="Predictions">Of its model, on flows that the model was not trained on.</param>
public sealed record CalibrationTier(int Depth, Predictions Predictions);

/// <summary>A calibrated cascade.</summary>
/// <param name="Rules">By tier; the last answers everything.</param>
/// <param name="Tiers">What was chosen for each tier but the last.</param>
/// <param name="Run">What the calibrated cascade does with the calibration flows.</param>
public sealed record CascadeCalibration(IReadOnlyList<TierRule> Rules, IReadOnlyList<TierCalibration> Tiers,
    CascadeRun Run)
{
    /// <summary>The most that a tier had to give up; 0 where everything asked for was had, with its reserve.</summary>
    public int Attempt => Tiers.Select(t => t.Attempt).DefaultIfEmpty(0).Max();
}

/// <summary>
/// Calibrates tier after tier, each on the flows that those before it escalate: a tier sees only what its
/// predecessors were unsure of, and that is what its probabilities must be right about.
/// </summary>
public static class CascadeCalibrator
{
    /// <param name="labels">True class of each flow.</param>
    /// <param name="tiers">One or more; depths never fall.</param>
    /// <param name="goal">What the thresholds should bring about.</param>
    /// <param name="parts">
    /// The part of each flow; no capture is in two. Measures, kinds of thresholds and of calibration are then compared
    /// by what they do on parts that they were not fitted to.
    /// </param>
    public static CascadeCalibration Calibrate(IReadOnlyList<int> labels, IReadOnlyList<CalibrationTier> tiers,
        AssignmentGoal goal, IReadOnlyList<int>? parts = null)
    {
        var slow = tiers[^1].Predictions;
        var floor = CascadeRun.SingleTier([slow], 0).Score(labels, slow.Classes).WeightedF1;
        return CalibrateTiers(labels, tiers, goal, parts, (t, calibrator, reaching) =>
        {
            var waits = tiers[t + 1].Depth > tiers[t].Depth;
            var most = waits ? (int)(goal.WaitShare * labels.Count) : reaching;
            var lossShare = (t + 1.0) / (tiers.Count - 1);
            return calibrator.Calibrate(goal, t == 0, floor, lossShare, most);
        });
    }

    /// <summary>
    /// Calibrates so that every tier passes on as many flows as the search had it pass on, the ones by which most is
    /// won.
    /// </summary>
    /// <param name="labels">True class of each flow.</param>
    /// <param name="tiers">One or more; depths never fall.</param>
    /// <param name="escalatedShares">Of all flows, by tier but the last.</param>
    /// <param name="goal">Which measures and kinds of thresholds may be used.</param>
    /// <param name="parts">As for <see cref="Calibrate"/>.</param>
    public static CascadeCalibration CalibrateTo(IReadOnlyList<int> labels, IReadOnlyList<CalibrationTier> tiers,
        IReadOnlyList<double> escalatedShares, AssignmentGoal goal, IReadOnlyList<int>? parts = null) =>
        CalibrateTiers(labels, tiers, goal, parts, (t, calibrator, _) =>
            calibrator.CalibrateTo((int)(escalatedShares[t] * labels.Count), goal, catchErrors: t == 0));

    /// <param name="calibrate">Chooses for a tier, given its number and how many flows reach it.</param>
    static CascadeCalibration CalibrateTiers(IReadOnlyList<int> labels, IReadOnlyList<CalibrationTier> tiers,
        AssignmentGoal goal, IReadOnlyList<int>? parts, Func<int, TierCalibrator, int, TierCalibration> calibrate)
    {
        var slow = tiers[^1].Predictions;
        var answered = new ConfusionMatrix(slow.Classes);
        IReadOnlyList<int> reaching = [.. Enumerable.Range(0, labels.Count)];
        var chosen = new List<TierCalibration>();
        for (var t = 0; t < tiers.Count - 1; t++)
        {
            var tier = tiers[t].Predictions;
            chosen.Add(calibrate(t, new(labels, tier, slow, answered, reaching, parts), reaching.Count));
            reaching = Escalate(chosen[^1].Rule, tier, labels, reaching, answered);
        }

        List<TierRule> rules = [.. chosen.Select(c => c.Rule), LastRule(chosen)];
        return new(rules, chosen, CascadeRun.ByRules(rules, [.. tiers.Select(t => t.Predictions)]));

        TierRule LastRule(List<TierCalibration> before) =>
            ProbabilityFit.Fit(goal.Calibration, slow, labels, reaching, parts) with
            {
                Measure = before.Count > 0 && before[^1].Rule.Measure != UncertaintyMeasure.ExpectedGain
                    ? before[^1].Rule.Measure
                    : UncertaintyMeasure.Margin,
            };
    }

    static List<int> Escalate(TierRule rule, Predictions tier, IReadOnlyList<int> labels, IReadOnlyList<int> reaching,
        ConfusionMatrix answered)
    {
        var survivors = new List<int>();
        var probabilities = new float[tier.Classes];
        foreach (var flow in reaching)
        {
            var decision = tier.Decide(rule, flow, probabilities);
            if (decision.Escalate)
            {
                survivors.Add(flow);
            }
            else
            {
                answered.Add(labels[flow], decision.LabelId);
            }
        }

        return survivors;
    }
}
