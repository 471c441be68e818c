using ServeFlow.Cascade;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Evaluation;

/// <summary>
/// Traces what other thresholds would have done at a tier, on the evaluation's own flows: the curve to look at where a
/// calibrated threshold does not achieve what was asked.
/// </summary>
/// <param name="Tier">The tier that escalates.</param>
/// <param name="Kind">Always <c>universal</c>: one threshold for all classes.</param>
/// <param name="Area">See <see cref="AssignmentArea"/>.</param>
/// <param name="Points">The points of the flows that reach the tier; the last tier answers the escalated ones.</param>
public sealed record EvaluationCurve(string Tier, string Kind, double Area,
    IReadOnlyList<AssignmentPoint> Points)
{
    /// <summary>Gets the same flows escalated at random, from share 0 to share 1.</summary>
    public required IReadOnlyList<SharePoint> Random { get; init; }

    /// <summary>
    /// Gets the same flows escalated by an oracle that knows what the last tier corrects; from share 0 to share 1.
    /// </summary>
    public required IReadOnlyList<SharePoint> Oracle { get; init; }

    /// <summary>Limits the points of a curve: one for each percent is enough to draw.</summary>
    const int MaxPoints = 101;

    internal static EvaluationCurve Compute(CascadePlan plan, IReadOnlyList<Predictions> tiers, CascadeRun cascade,
        FlowSample flows, int tier)
    {
        var answered = new ConfusionMatrix(flows.Classes.Count);
        var samples = new List<AssignmentSample>();
        var probabilities = new float[tiers[tier].Classes];
        for (var flow = 0; flow < flows.Count; flow++)
        {
            if (!cascade.Reaches(flow, tier))
            {
                answered.Add(flows.Labels[flow], cascade.Answer(flow));
                continue;
            }

            var decision = tiers[tier].Decide(plan.Tiers[tier].Rule, flow, probabilities);
            samples.Add(new(flows.Labels[flow], decision.LabelId, tiers[^1].TopClass(flow), decision.Uncertainty));
        }

        var curve = UniversalAssignment.Trace(answered, samples);
        return new(plan.Tiers[tier].Name, "universal", AssignmentArea.Compute(curve, answered, samples),
            Thin(curve.Points))
        {
            Random = MixtureSeries.Random(answered, samples),
            Oracle = MixtureSeries.Oracle(answered, samples),
        };
    }

    static IReadOnlyList<AssignmentPoint> Thin(IReadOnlyList<AssignmentPoint> points)
    {
        var kept = new List<AssignmentPoint>();
        foreach (var point in points)
        {
            if (kept.Count == 0 || point.Share >= kept[^1].Share + (1.0 / (MaxPoints - 1)) || point.Share == 1)
            {
                kept.Add(point);
            }
        }

        return kept;
    }
}
