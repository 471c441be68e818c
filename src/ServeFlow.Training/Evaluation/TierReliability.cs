using System.Text.Json.Serialization;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Evaluation;

/// <summary>The same answers before and after a tier's calibration.</summary>
/// <param name="Before">The diagram of the model's own probabilities.</param>
/// <param name="After">The diagram of the probabilities that the tier decides and answers with.</param>
public sealed record CalibrationEffect(ReliabilityDiagram Before, ReliabilityDiagram After)
{
    /// <summary>Flows that were answered.</summary>
    [JsonPropertyOrder(-1)]
    public int Flows => After.Flows;
}

/// <summary>Tells how far a tier's confidences can be trusted, on the evaluated flows.</summary>
/// <param name="Tier">Its name.</param>
/// <param name="All">On every flow, were the tier to answer it.</param>
/// <param name="Reaching">
/// On the flows that reach the tier, that is, that all tiers before it were unsure of. Calibration is fitted on such
/// flows alone, so it is here that it must be right.
/// </param>
public sealed record TierReliability(string Tier, CalibrationEffect All, CalibrationEffect Reaching)
{
    /// <param name="tier">The tier's plan.</param>
    /// <param name="predictions">Its model's, of every flow.</param>
    /// <param name="reaches">Whether a flow reaches it.</param>
    /// <param name="flows">The flows; their classes may lie beyond those that the model knows.</param>
    internal static TierReliability Compute(TierPlan tier, Predictions predictions, Func<int, bool> reaches,
        FlowSample flows)
    {
        var before = Answers(tier.Rule.Uncalibrated, predictions, flows);
        var after = Answers(tier.Rule, predictions, flows);
        return new(tier.Name,
            new(ReliabilityDiagram.From(before), ReliabilityDiagram.From(after)),
            new(ReliabilityDiagram.From(before.Where((_, flow) => reaches(flow))),
                ReliabilityDiagram.From(after.Where((_, flow) => reaches(flow)))));
    }

    static (float Confidence, bool IsRight)[] Answers(TierRule rule, Predictions predictions, FlowSample flows)
    {
        var answers = new (float, bool)[flows.Count];
        var probabilities = new float[predictions.Classes];
        for (var flow = 0; flow < answers.Length; flow++)
        {
            var decision = predictions.Decide(rule, flow, probabilities);
            answers[flow] = (decision.Confidence, decision.LabelId == flows.Labels[flow]);
        }

        return answers;
    }
}
