using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Calibration;

/// <summary>Names a way to escalate: how uncertainty is measured, and how thresholds are found.</summary>
public readonly record struct AssignmentWay(UncertaintyMeasure Measure, AssignmentKind Kind);

/// <summary>
/// The order in which a tier escalates flows. Each flow's place in it was found by flows of other parts alone, so that
/// what a level is said to do is not judged by the flows that its thresholds were fitted on. What is served is fitted
/// on all. Immutable.
/// </summary>
sealed class EscalationOrder
{
    readonly IReadOnlyList<TierRule> partRules;
    readonly AssignmentCurve[] partCurves;
    readonly TierRule rule;
    readonly AssignmentCurve curve;

    /// <param name="way">The measure and the kind of thresholds.</param>
    /// <param name="parts">The part of each flow, from 0.</param>
    /// <param name="partRules">[part]: the calibration that was fitted on all other parts.</param>
    /// <param name="rule">The calibration that was fitted on all flows.</param>
    /// <param name="sample">Samples all flows under a rule.</param>
    public EscalationOrder(AssignmentWay way, int[] parts, IReadOnlyList<TierRule> partRules, TierRule rule,
        Func<TierRule, AssignmentSample[]> sample)
    {
        (Way, this.rule) = (way, rule with { Measure = way.Measure });
        this.partRules = [.. partRules.Select(fitted => fitted with { Measure = way.Measure })];
        var classes = rule.Thresholds.Count;
        curve = Trace(way.Kind, classes, sample(this.rule));
        partCurves = new AssignmentCurve[partRules.Count];
        Shares = new double[parts.Length];
        for (var part = 0; part < partCurves.Length; part++)
        {
            var samples = sample(this.partRules[part]);
            partCurves[part] = Trace(way.Kind, classes, [.. samples.Where((_, flow) => parts[flow] != part)]);
            Place(samples, parts, part);
        }
    }

    public AssignmentWay Way { get; }

    /// <summary>Gets, by flow, the share of flows that is escalated when it is; 0 where its part's order never answers
    /// flows of its class.</summary>
    public double[] Shares { get; }

    /// <summary>Gets the rule to serve at a share of flows escalated.</summary>
    public TierRule Rule(double escalated) => Rule(rule, curve, escalated);

    /// <summary>Gets the rule of a part, fitted on all others, at a share of flows escalated.</summary>
    public TierRule PartRule(int part, double escalated) => Rule(partRules[part], partCurves[part], escalated);

    static TierRule Rule(TierRule rule, AssignmentCurve curve, double escalated)
    {
        if (escalated >= 1)
        {
            return rule with { Thresholds = [.. rule.Thresholds.Select(_ => AssignmentCurve.Always)] };
        }

        var thresholds = curve.Thresholds(curve.LastWithinShare(escalated));
        return rule with
        {
            Thresholds = [.. thresholds.Select((t, label) => curve.Knows(label) ? t : AssignmentCurve.Always)],
        };
    }

    /// <summary>Finds the place of a part's flows in the order of the other parts.</summary>
    void Place(AssignmentSample[] samples, int[] parts, int part)
    {
        int[] inside = [.. Enumerable.Range(0, samples.Length).Where(flow => parts[flow] == part)];
        var points = partCurves[part].PointsOf([.. inside.Select(flow => samples[flow])]);
        foreach (var (flow, point) in inside.Zip(points))
        {
            Shares[flow] = point < partCurves[part].Points.Count && partCurves[part].Knows(samples[flow].Fast)
                ? partCurves[part].Points[point].Share
                : 0;
        }
    }

    static AssignmentCurve Trace(AssignmentKind kind, int classes, IReadOnlyList<AssignmentSample> samples)
    {
        var nothing = new ConfusionMatrix(classes);
        return kind == AssignmentKind.Universal
            ? UniversalAssignment.Trace(nothing, samples)
            : SlopeAssignment.Trace(nothing, samples, s => s.Gain, SlopeAssignment.DefaultPrior, isWhole: true);
    }
}
