using System.Collections.Concurrent;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// A tier before a given last one, calibrated once for each part of the flows on all other parts, and once on all.
/// Shared by threads.
/// </summary>
/// <param name="flows">The calibration flows.</param>
/// <param name="parts">The part of each, from 0; no capture is in two.</param>
/// <param name="tier">The tier's predictions of them.</param>
/// <param name="slow">The last tier's predictions.</param>
/// <param name="calibration">How probabilities are calibrated.</param>
sealed class CrossFittedTier(FlowSample flows, int[] parts, Predictions tier, Predictions slow,
    CalibrationKind calibration)
{
    readonly ConcurrentDictionary<AssignmentWay, EscalationOrder> orders = [];
    readonly ConcurrentDictionary<AssignmentWay, AssignmentTrial> trials = [];

    readonly Lazy<(IReadOnlyList<TierRule> Parts, TierRule Whole)> rules = new(() =>
    {
        var kind = ProbabilityFit.Choose(calibration, tier, flows, parts);
        return ([.. Enumerable.Range(0, parts.Max() + 1).Select(part => FitWithout(part, kind))],
            ProbabilityFit.Fit(kind, tier, flows));

        TierRule FitWithout(int part, CalibrationKind kind)
        {
            int[] others = [.. Enumerable.Range(0, flows.Count).Where(flow => parts[flow] != part)];
            return ProbabilityFit.Fit(kind, tier.Subset(others), flows.Subset(others));
        }
    });

    /// <summary>Gets the order in which a way of escalating escalates the flows.</summary>
    public EscalationOrder Order(AssignmentWay way) => orders.GetOrAdd(way, wanted =>
        new(wanted, parts, rules.Value.Parts, rules.Value.Whole, Samples));

    /// <summary>Compares ways by the area of their orders, from chance (0) to an oracle (1).</summary>
    public AssignmentTrial Compare(AssignmentWay way) => trials.GetOrAdd(way, wanted =>
        new(wanted.Measure, wanted.Kind, AssignmentArea.Compute(Order(wanted).Shares, Samples(rules.Value.Whole))));

    AssignmentSample[] Samples(TierRule rule)
    {
        var probabilities = new float[tier.Classes];
        var samples = new AssignmentSample[flows.Count];
        for (var i = 0; i < samples.Length; i++)
        {
            var decision = tier.Decide(rule, i, probabilities);
            samples[i] = new(flows.Labels[i], decision.LabelId, slow.TopClass(i), decision.Uncertainty);
        }

        return samples;
    }
}
