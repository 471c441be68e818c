using ServeFlow.Cascade;
using ServeFlow.Features;
using ServeFlow.Models;

namespace ServeFlow.Serving;

/// <summary>The flows that have gathered for one tier, and the room to score them.</summary>
sealed class TierBatch
{
    /// <summary>As many flows as a 512-bit register has bits: the width of the bit-sliced engine.</summary>
    public const int Capacity = 512;

    readonly TierPlan tier;
    readonly FeatureSchema schema;
    readonly IScorer scorer;
    readonly int[] columns;
    readonly int[] slots = new int[Capacity];
    readonly float[] rows;
    readonly float[] probabilities;
    int count;

    public TierBatch(TierPlan tier, FeatureSchema schema)
    {
        this.tier = tier;
        this.schema = schema;
        scorer = tier.CreateScorer();
        columns = scorer.Columns.ToArray();
        rows = new float[Capacity * columns.Length];
        probabilities = new float[Capacity * scorer.Classes];
    }

    public bool IsFull => count == Capacity;

    public void Add(int slot) => slots[count++] = slot;

    /// <summary>Scores the flows by their packets up to the tier's depth and empties the batch. The slots stay
    /// readable until the next <see cref="Add"/>.</summary>
    public ReadOnlySpan<int> Score(PendingFlows pending)
    {
        var scored = slots.AsSpan(0, count);
        count = 0;
        for (var i = 0; i < scored.Length; i++)
        {
            schema.Extract(pending.Headers(scored[i], tier.PacketDepth), columns,
                rows.AsSpan(i * columns.Length, columns.Length));
        }

        scorer.Score(rows.AsSpan(0, scored.Length * columns.Length), scored.Length,
            probabilities.AsSpan(0, scored.Length * scorer.Classes));
        return scored;
    }

    /// <summary>The decision for the i-th flow of the latest <see cref="Score"/>; to be asked for once.</summary>
    public TierDecision Decide(int i) => tier.Decide(probabilities.AsSpan(i * scorer.Classes, scorer.Classes));
}
