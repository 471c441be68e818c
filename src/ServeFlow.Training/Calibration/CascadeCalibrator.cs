using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>A tier as calibration needs it.</summary>
/// <param name="Depth">Packets that it waits for.</param>
/// <param name="Predictions">The predictions of the tier's model, on flows that it was not trained on.</param>
public sealed record CalibrationTier(int Depth, Predictions Predictions);

/// <summary>A calibrated cascade.</summary>
/// <param name="Rules">The rules by tier; the last answers everything.</param>
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
    /// <param name="flows">The calibration flows.</param>
    /// <param name="tiers">One or more; depths never fall.</param>
    /// <param name="goal">What the thresholds should bring about.</param>
    /// <param name="parts">The part that each flow is in, by position; no capture is in two. Measures, kinds of
    /// thresholds and of calibration are then compared by what they do on parts that they were not fitted to.</param>
    public static CascadeCalibration Calibrate(FlowSample flows, IReadOnlyList<CalibrationTier> tiers,
        AssignmentGoal goal, int[]? parts = null)
    {
        var slow = tiers[^1].Predictions;
        var floor = CascadeRun.SingleTier([slow], 0).Score(flows).WeightedF1;
        return CalibrateTiers(flows, tiers, goal, parts, (t, calibrator, reaching) =>
        {
            var waits = tiers[t + 1].Depth > tiers[t].Depth;
            var most = waits ? (int)(goal.WaitShare * flows.Count) : reaching;
            var lossShare = (t + 1.0) / (tiers.Count - 1);
            return calibrator.Calibrate(goal, t == 0, floor, lossShare, most);
        });
    }

    /// <summary>
    /// Calibrates so that every tier passes on as many flows as the search had it pass on, the ones by which most is
    /// won.
    /// </summary>
    /// <param name="flows">The calibration flows.</param>
    /// <param name="tiers">One or more; depths never fall.</param>
    /// <param name="escalatedShares">The share of all flows that each tier but the last escalates.</param>
    /// <param name="goal">Which measures and kinds of thresholds may be used.</param>
    /// <param name="parts">As for <see cref="Calibrate"/>.</param>
    public static CascadeCalibration CalibrateTo(FlowSample flows, IReadOnlyList<CalibrationTier> tiers,
        IReadOnlyList<double> escalatedShares, AssignmentGoal goal, int[]? parts = null) =>
        CalibrateTiers(flows, tiers, goal, parts, (t, calibrator, _) =>
            calibrator.CalibrateTo((int)(escalatedShares[t] * flows.Count), goal, catchErrors: t == 0));

    /// <param name="calibrate">Chooses for a tier, given its number and how many flows reach it.</param>
    static CascadeCalibration CalibrateTiers(FlowSample flows, IReadOnlyList<CalibrationTier> tiers,
        AssignmentGoal goal, int[]? parts, Func<int, TierCalibrator, int, TierCalibration> calibrate)
    {
        var answered = new ConfusionMatrix(tiers[^1].Predictions.Classes);
        var reaching = new ReachingFlows(flows, [.. tiers.Select(t => t.Predictions)], parts);
        var chosen = new List<TierCalibration>();
        for (var t = 0; t < tiers.Count - 1; t++)
        {
            chosen.Add(calibrate(t, reaching.Calibrator(t, answered), reaching.Flows.Count));
            reaching = reaching.Escalate(t, chosen[^1].Rule, answered);
        }

        List<TierRule> rules = [.. chosen.Select(c => c.Rule), LastRule(chosen)];
        return new(rules, chosen, CascadeRun.ByRules(rules, [.. tiers.Select(t => t.Predictions)]));

        TierRule LastRule(List<TierCalibration> before) =>
            ProbabilityFit.Fit(goal.Calibration, reaching.Tiers[^1], reaching.Flows, reaching.Parts) with
            {
                Measure = before.Count > 0 && before[^1].Rule.Measure != UncertaintyMeasure.ExpectedGain
                    ? before[^1].Rule.Measure
                    : UncertaintyMeasure.Margin,
            };
    }

    /// <summary>The flows that reach a tier, and what every tier predicts of them.</summary>
    /// <param name="Tiers">The predictions of each tier, a row for each flow.</param>
    /// <param name="Parts">The part that each flow is in, by position; null where there are none.</param>
    sealed record ReachingFlows(FlowSample Flows, Predictions[] Tiers, int[]? Parts)
    {
        public TierCalibrator Calibrator(int tier, ConfusionMatrix answered) =>
            new(Flows, Tiers[tier], Tiers[^1], answered, Parts);

        /// <summary>Lets a tier answer those that it is sure of.</summary>
        /// <param name="answered">Receives the answers.</param>
        /// <returns>The others.</returns>
        public ReachingFlows Escalate(int tier, TierRule rule, ConfusionMatrix answered)
        {
            var survivors = new List<int>();
            var probabilities = new float[Tiers[tier].Classes];
            for (var position = 0; position < Flows.Count; position++)
            {
                var decision = Tiers[tier].Decide(rule, position, probabilities);
                if (decision.Escalate)
                {
                    survivors.Add(position);
                }
                else
                {
                    answered.Add(Flows.Labels[position], decision.LabelId);
                }
            }

            return Subset([.. survivors]);
        }

        ReachingFlows Subset(int[] positions) => new(Flows.Subset(positions),
            Array.ConvertAll(Tiers, tier => tier.Subset(positions)),
            Parts is null ? null : Array.ConvertAll(positions, position => Parts[position]));
    }
}
