using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Scoring;

namespace ServeFlow.Training.Calibration;

/// <summary>
/// Holds what every tier of a cascade answers for each flow on any number of packets that it may see, so that trying
/// other timeouts is a walk through a table.
/// </summary>
sealed class EscalationTimeoutTable
{
    readonly FlowWaits waits;
    readonly int[] depths;

    /// <summary>[tier][packets][flow]; null where no flow is cut to so few.</summary>
    readonly Answer[]?[][] answers;

    /// <param name="predictions">What each tier predicts on any number of packets.</param>
    /// <param name="rules">How each decides.</param>
    public EscalationTimeoutTable(PacketPredictions predictions, IReadOnlyList<TierRule> rules)
    {
        (waits, depths) = (predictions.Waits, [.. predictions.Depths]);
        answers =
        [
            .. depths.Select((depth, tier) => Enumerable.Range(0, depth + 1)
                .Select(packets => predictions[tier, packets] is { } seen ? Decide(rules[tier], seen) : null)
                .ToArray()),
        ];
    }

    public int Tiers => depths.Length;

    public long WaitLimitNs => waits.LimitNs;

    /// <summary>Returns a flow's way down the cascade.</summary>
    /// <param name="limits">The timeouts by tier and predicted class, in nanoseconds.</param>
    public FlowOutcome Simulate(int flow, IReadOnlyList<long[]> limits)
    {
        var at = waits.WaitFor(flow, depths[0], waits.LimitNs);
        for (var tier = 0; ; tier++)
        {
            var answer = AnswerOf(tier, flow, at.Packets);
            if (!answer.Escalate || tier == Tiers - 1)
            {
                return new(at.ReadyNs, answer.Label, answer.Label == waits.Flows.Labels[flow]);
            }

            at = waits.WaitForNextTier(flow, at, depths[tier], depths[tier + 1], limits[tier][answer.Label]);
        }
    }

    /// <summary>The tiers that a flow waits at, with their unsure answers.</summary>
    public IEnumerable<(int Tier, int Class)> WaitingTiers(int flow, IReadOnlyList<long[]> limits)
    {
        var at = waits.WaitFor(flow, depths[0], waits.LimitNs);
        for (var tier = 0; tier < Tiers - 1; tier++)
        {
            var answer = AnswerOf(tier, flow, at.Packets);
            if (!answer.Escalate || at.IsTimedOut || at.Packets < depths[tier])
            {
                yield break;
            }

            if (depths[tier + 1] > depths[tier])
            {
                yield return (tier, answer.Label);
            }

            at = waits.WaitForNextTier(flow, at, depths[tier], depths[tier + 1], limits[tier][answer.Label]);
        }
    }

    Answer AnswerOf(int tier, int flow, int packets) =>
        (answers[tier][Math.Min(packets, depths[tier])] ?? answers[tier][depths[tier]]!)[flow];

    static Answer[] Decide(TierRule rule, Predictions predictions)
    {
        var answers = new Answer[predictions.Flows];
        var probabilities = new float[predictions.Classes];
        for (var flow = 0; flow < answers.Length; flow++)
        {
            var decision = predictions.Decide(rule, flow, probabilities);
            answers[flow] = new(decision.LabelId, decision.Escalate);
        }

        return answers;
    }

    readonly record struct Answer(int Label, bool Escalate);
}

/// <summary>Records when a flow is answered, and how.</summary>
/// <param name="WaitNs">The wait until the answer, in nanoseconds.</param>
/// <param name="Label">The class that it gives.</param>
/// <param name="IsRight">Whether that is the flow's class.</param>
readonly record struct FlowOutcome(long WaitNs, int Label, bool IsRight);
