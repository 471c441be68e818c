using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Evaluation;

/// <summary>Tells how a flow was answered.</summary>
/// <param name="Flow">The flow, or the window of one.</param>
/// <param name="Capture">The capture's path, relative to what was read.</param>
/// <param name="Truth">The flow's label.</param>
/// <param name="Tier">The name of the tier that answered.</param>
/// <param name="Answer">The cascade's answer.</param>
/// <param name="Alone">What each tier answers that serves every flow alone, in the order of the tiers.</param>
public sealed record FlowPrediction(LabelledFlow Flow, string Capture, string Truth, string Tier, TierAnswer Answer,
    IReadOnlyList<TierAnswer> Alone)
{
    /// <param name="tiers">Each tier's predictions where it serves alone.</param>
    /// <param name="answered">The cascade's answers.</param>
    /// <param name="view">What the cascade's tiers see.</param>
    /// <param name="times">When they answer.</param>
    /// <param name="patient">When each tier answers that serves alone.</param>
    internal static IReadOnlyList<FlowPrediction> List(CascadePlan plan, FlowSample flows,
        IReadOnlyList<Predictions> tiers, CascadeRun answered, CascadeView view, AnswerTimes times, AnswerTimes patient)
    {
        var room = new float[plan.Labels.Count];
        var numbers = Enumerable.Range(0, tiers.Count).ToArray();
        return [.. Enumerable.Range(0, flows.Count).Select(flow =>
        {
            var tier = answered.Tier(flow);
            return new FlowPrediction(flows[flow], flows.Data.Captures[flows.Captures[flow]].Path,
                flows.Classes[flows.Labels[flow]], plan.Tiers[tier].Name,
                new(Label(answered.Answer(flow)), Confidence(view.Tiers[tier], tier, flow), times.Packets(flow, tier),
                    times.LatencyMs(flow, 0, tier)),
                [.. numbers.Select(t => new TierAnswer(Label(tiers[t].TopClass(flow)), Confidence(tiers[t], t, flow),
                    patient.Packets(flow, t), patient.LatencyMs(flow, t, t)))]);
        })];

        string Label(int answer) => answer == ConfusionMatrix.Unanswered
            ? Classification.UnknownLabel
            : flows.Classes[answer];

        float Confidence(Predictions predictions, int tier, int flow) =>
            predictions.Decide(plan.Tiers[tier].Rule, flow, room).Confidence;
    }
}

/// <summary>Represents an answer of a tier, or of the cascade by one of its tiers.</summary>
/// <param name="Confidence">Its confidence after calibration, from 0 to 1.</param>
/// <param name="Packets">Packets that it rests on.</param>
/// <param name="Ms">Milliseconds from the flow's first packet to the answer.</param>
public readonly record struct TierAnswer(string Label, float Confidence, int Packets, double Ms);
