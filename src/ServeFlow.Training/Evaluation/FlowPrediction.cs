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
    /// <param name="run">The tiers' predictions and the cascade's answers.</param>
    /// <param name="times">When the cascade's tiers answer.</param>
    /// <param name="patient">When each tier answers that serves alone.</param>
    internal static IReadOnlyList<FlowPrediction> List(CascadePlan plan, FlowSample flows,
        ServedAnswers run, AnswerTimes times, AnswerTimes patient)
    {
        var room = new float[plan.Labels.Count];
        CascadeRun[] alone = [.. plan.Tiers.Select((_, tier) => run.Alone(tier))];
        return [.. Enumerable.Range(0, flows.Count).Select(flow =>
        {
            var tier = run.Answered.Tier(flow);
            return new FlowPrediction(flows[flow], flows.Data.Captures[flows.Captures[flow]].Path,
                flows.Classes[flows.Labels[flow]], plan.Tiers[tier].Name,
                new(Label(run.Answered.Answer(flow)), Confidence(run.View.Tiers[tier], tier, flow),
                    times.Packets(flow, tier), times.LatencyMs(flow, 0, tier)),
                [.. alone.Select((answers, t) => new TierAnswer(Label(answers.Answer(flow)),
                    Confidence(run.Tiers[t], t, flow), patient.Packets(flow, t), patient.LatencyMs(flow, t, t)))]);
        })];

        string Label(int answer) => answer == ConfusionMatrix.Unanswered
            ? Classification.UnknownLabel
            : flows.Classes[answer];

        float Confidence(Predictions predictions, int tier, int flow) =>
            run.IsAtOnce(flow) ? 0 : predictions.Decide(plan.Tiers[tier].Rule, flow, room).Confidence;
    }
}

/// <summary>Represents an answer of a tier, or of the cascade by one of its tiers.</summary>
/// <param name="Confidence">Its confidence after calibration, from 0 to 1.</param>
/// <param name="Packets">Packets that it rests on.</param>
/// <param name="Ms">Milliseconds from the flow's first packet to the answer.</param>
public readonly record struct TierAnswer(string Label, float Confidence, int Packets, double Ms);
