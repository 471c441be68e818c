using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;

namespace ServeFlow.Serving.Workers;

/// <summary>The flows that have gathered for one tier, and the room to score them.</summary>
sealed class TierBatch
{
    readonly TierPlan tier;
    readonly TierScorer scorer;
    readonly int[] slots = new int[IBatchScorer.Capacity];
    int count;

    public TierBatch(TierPlan tier)
    {
        this.tier = tier;
        scorer = tier.CreateTierScorer();
    }

    public bool IsEmpty => count == 0;

    public bool IsFull => count == IBatchScorer.Capacity;

    public void Add(int slot) => slots[count++] = slot;

    /// <summary>Empties the batch without scoring it. The slots stay readable until the next
    /// <see cref="Add"/>.</summary>
    public ReadOnlySpan<int> Take()
    {
        var taken = slots.AsSpan(0, count);
        count = 0;
        return taken;
    }

    /// <summary>Scores the flows, at least one, by their packets up to the tier's depth and empties the batch. The
    /// slots stay readable until the next <see cref="Add"/>.</summary>
    public ReadOnlySpan<int> Score(PendingFlows pending, PendingHeaders kept)
    {
        var scored = slots.AsSpan(0, count);
        count = 0;
        scorer.Begin(scored.Length);
        for (var i = 0; i < scored.Length; i++)
        {
            scorer.Add(i,
                kept.Kept(scored[i], Math.Min(tier.PacketDepth, pending[scored[i]].Unit.Packets)));
        }

        scorer.Score(scored.Length);
        return scored;
    }

    /// <summary>Gets the decision for the i-th flow of the latest <see cref="Score"/>.</summary>
    public ref readonly TierDecision Decide(int i) => ref scorer.Decide(i);

    /// <summary>The decision for a flow that was scored elsewhere.</summary>
    /// <param name="probabilities">One flow's, raw; calibrated in place.</param>
    public TierDecision Decide(Span<float> probabilities) => tier.Decide(probabilities);

    /// <summary>Scores the novelty of a flow that this tier answers, if the tier checks for unknown classes.</summary>
    /// <param name="answer">Receives what was found.</param>
    public void ScoreNovelty(in TierDecision decision, ReadOnlySpan<HeaderRecord> packets, ref Classification answer)
    {
        if (tier.Novelty is not { } rule)
        {
            return;
        }

        answer.Novelty = rule.ComputeNovelty(decision, packets);
        answer.NoveltyThreshold = rule.Threshold(decision.LabelId);
        answer.IsUnknown = rule.IsUnknown(answer.Novelty, decision.LabelId);
    }
}
