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

    /// <param name="depths">Packets that each tier waits for.</param>
    /// <param name="rules">How each decides.</param>
    /// <param name="whole">Each tier's predictions on the packets that come within the wait limit.</param>
    /// <param name="score">Scores flows on fewer packets.</param>
    public EscalationTimeoutTable(FlowWaits waits, IReadOnlyList<int> depths, IReadOnlyList<TierRule> rules,
        IReadOnlyList<Predictions> whole, PacketScores score)
    {
        this.waits = waits;
        this.depths = [.. depths];
        answers = [.. depths.Select((depth, tier) => new Answer[]?[depth + 1])];
        for (var tier = 0; tier < depths.Count; tier++)
        {
            answers[tier][depths[tier]] = Decide(rules[tier], whole[tier]);
            for (var packets = depths[0]; packets < depths[tier]; packets++)
            {
                answers[tier][packets] = Decide(rules[tier], PredictTruncated(tier, packets, whole[tier], score));
            }
        }
    }

    public int Tiers => depths.Length;

    public long WaitLimitNs => waits.LimitNs;

    /// <summary>A flow's way down the cascade.</summary>
    /// <param name="limits">The timeouts by tier and predicted class, in nanoseconds.</param>
    /// <returns>The wait until the answer, in nanoseconds, and whether the answer is right.</returns>
    public (long WaitNs, bool IsRight) Simulate(int flow, IReadOnlyList<long[]> limits)
    {
        var at = waits.WaitFor(flow, depths[0], waits.LimitNs);
        for (var tier = 0; ; tier++)
        {
            var answer = AnswerOf(tier, flow, at.Packets);
            if (!answer.Escalate || tier == Tiers - 1)
            {
                return (at.ReadyNs, answer.Label == waits.Flows.Labels[flow]);
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

    /// <summary>Gets the predictions where no flow has more than <paramref name="packets"/> packets.</summary>
    Predictions PredictTruncated(int tier, int packets, Predictions whole, PacketScores score)
    {
        int[] longer = [.. Enumerable.Range(0, waits.Flows.Count)
            .Where(f => waits.WaitFor(f, depths[tier], waits.LimitNs).Packets > packets)];
        var cut = score(tier, waits.Flows.Subset(longer), [.. Enumerable.Repeat(packets, longer.Length)]);
        return whole.WithRows(longer, cut);
    }

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
