using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Features.Rows;
using ServeFlow.Flows.Memory;

namespace ServeFlow.Serving.Workers;

/// <summary>The flows that have gathered for one tier, and the room to score them.</summary>
sealed class TierBatch
{
    /// <summary>Specifies how many packets ahead of those that are gathered headers are prefetched; rows, as many
    /// flows.</summary>
    const int PacketsAhead = 8;

    readonly TierPlan tier;

    /// <summary>
    /// Holds how many flows ahead headers are prefetched; a flow's state, which tells how many it has, twice as far.
    /// </summary>
    readonly int lookahead;

    readonly TierScorer scorer;
    readonly int classes;
    readonly int[] slots = new int[IBatchScorer.Capacity];

    /// <summary>Holds the flows of a shadow's batch whose scores nobody has.</summary>
    readonly int[] others = new int[IBatchScorer.Capacity];

    int count;

    /// <param name="rows">The rows of answers that are kept of flows; null where their headers are.</param>
    public TierBatch(TierPlan tier, AnswerRows? rows = null)
    {
        this.tier = tier;
        lookahead = Math.Max(1, PacketsAhead / (rows is null ? tier.PacketDepth : 1));
        classes = tier.Compiled.Classes;
        scorer = rows is null ? tier.CreateTierScorer() : tier.CreateTierScorer(rows);
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
    public ReadOnlySpan<int> Score(PendingFlows pending, PlanLane lane)
    {
        var scored = Take();
        Compute(scored, pending, lane);
        scorer.DecideAll(scored.Length);
        return scored;
    }

    /// <summary>The same, and keeps what the model gave for a shadow with the same model.</summary>
    /// <param name="pairs">Holds, by slot, the flow's pair plus one; 0 where it is not compared.</param>
    public ReadOnlySpan<int> ScoreAndShare(PendingFlows pending, PlanLane lane, SharedScores shared,
        NativeBlock<int> pairs)
    {
        var scored = Take();
        Compute(scored, pending, lane);
        var probabilities = scorer.Probabilities;
        for (var i = 0; i < scored.Length && !probabilities.IsEmpty; i++)
        {
            if (pairs[scored[i]] is > 0 and var place)
            {
                shared.Keep(place - 1, CountPackets(pending[scored[i]]), probabilities.Slice(i * classes, classes));
            }
        }

        scorer.DecideAll(scored.Length);
        return scored;
    }

    /// <summary>The same, but takes what the main plan's model gave where that was kept of the same packets.</summary>
    /// <inheritdoc cref="ScoreAndShare"/>
    public ReadOnlySpan<int> ScoreOthers(PendingFlows pending, PlanLane lane, SharedScores shared,
        NativeBlock<int> pairs)
    {
        var probabilities = scorer.Probabilities;
        if (probabilities.IsEmpty)
        {
            return Score(pending, lane);
        }

        var scored = Take();
        var own = 0;
        foreach (var slot in scored)
        {
            if (pairs[slot] is not (> 0 and var place) || !shared.Has(place - 1, CountPackets(pending[slot])))
            {
                others[own++] = slot;
            }
        }

        shared.Taken += scored.Length - own;
        if (own > 0)
        {
            Compute(others.AsSpan(0, own), pending, lane);
        }

        // From the end, so that no row is written over before it has moved.
        for (var i = scored.Length - 1; i >= 0; i--)
        {
            var isOwn = own > 0 && others[own - 1] == scored[i];
            var row = isOwn ? probabilities.Slice(--own * classes, classes) : shared.Row(pairs[scored[i]] - 1);
            row.CopyTo(probabilities.Slice(i * classes, classes));
        }

        scorer.DecideAll(scored.Length);
        return scored;
    }

    void Compute(ReadOnlySpan<int> scored, PendingFlows pending, PlanLane lane)
    {
        scorer.Begin(scored.Length);
        for (var i = 0; i < scored.Length; i++)
        {
            Prefetch(scored[i..], pending, lane);
            var packets = CountPackets(pending[scored[i]]);
            if (lane.Rows is { } rows)
            {
                scorer.Add(i, rows.Row(scored[i], packets));
            }
            else
            {
                scorer.Add(i, lane.Headers.Kept(scored[i], packets));
            }
        }

        scorer.Compute(scored.Length);
    }

    void Prefetch(ReadOnlySpan<int> left, PendingFlows pending, PlanLane lane)
    {
        if (left.Length > 2 * lookahead)
        {
            pending.Prefetch(left[2 * lookahead]);
        }

        if (left.Length > lookahead)
        {
            lane.PrefetchKept(left[lookahead], CountPackets(pending[left[lookahead]]));
        }
    }

    int CountPackets(in PendingFlow flow) => Math.Min(tier.PacketDepth, flow.Unit.Packets);

    /// <summary>Gets the decision for the i-th flow of those that were scored last.</summary>
    public ref readonly TierDecision Decide(int i) => ref scorer.Decide(i);

    /// <summary>Returns the decision for a flow that was scored elsewhere.</summary>
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
