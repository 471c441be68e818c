using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Drift;

/// <summary>Holds what a cascade answers to flows that its models had not seen, by position.</summary>
/// <param name="Flows">The flows.</param>
/// <param name="Tiers">The number of tiers.</param>
/// <param name="Answers">[position]: tier, class and confidence of the answer.</param>
/// <param name="Asked">The questions that trees ask about the first packets; no value of theirs is set.</param>
/// <param name="Yes">[position]: a bit for each question that the flow answers with yes, the first lowest.</param>
sealed record AnsweredFlows(FlowSample Flows, int Tiers, FlowAnswer[] Answers, IReadOnlyList<TreeQuestion> Asked,
    uint[] Yes)
{
    /// <summary>Lists what a run of a cascade answers.</summary>
    /// <param name="rules">The rules of the tiers.</param>
    /// <param name="predictions">Each tier's predictions, of models that had not seen the flow.</param>
    /// <param name="isUnknown">Whether the flow at a position is answered <c>unknown</c>; null answers none so.</param>
    /// <param name="depth">The packets that the first tier waits for.</param>
    public static AnsweredFlows From(FlowSample flows, CascadeRun run, IReadOnlyList<TierRule> rules,
        IReadOnlyList<Predictions> predictions, IReadOnlyList<bool>? isUnknown, IReadOnlyList<TreeQuestion> asked,
        int depth)
    {
        var room = new float[predictions[0].Classes];
        var answers = new FlowAnswer[flows.Count];
        for (var flow = 0; flow < answers.Length; flow++)
        {
            var tier = run.Tier(flow);
            var decision = predictions[tier].Decide(rules[tier], flow, room);
            answers[flow] = new(tier, isUnknown?[flow] == true ? Classification.UnknownId : decision.LabelId,
                decision.Confidence);
        }

        return new(flows, rules.Count, answers, asked, Ask(flows, asked, depth));
    }

    static uint[] Ask(FlowSample flows, IReadOnlyList<TreeQuestion> asked, int depth)
    {
        int[] columns = [.. asked.Select(question => question.Column)];
        var row = new float[columns.Length];
        var yes = new uint[flows.Count];
        for (var flow = 0; flow < yes.Length; flow++)
        {
            var packets = WaitTime.Compute(flows, flow, depth, flows.Data.WaitLimit).Packets;
            flows.Data.Schema.Extract(flows.Packets(flow)[..packets], columns, row);
            for (var question = 0; question < row.Length; question++)
            {
                yes[flow] |= row[question] > (float)asked[question].Threshold ? 1u << question : 0;
            }
        }

        return yes;
    }
}

/// <summary>Represents the answer to one flow.</summary>
/// <param name="Tier">The tier that gives it.</param>
/// <param name="Label">The class; <see cref="Classification.UnknownId"/> for none.</param>
/// <param name="Confidence">Its calibrated probability.</param>
readonly record struct FlowAnswer(int Tier, int Label, float Confidence);
