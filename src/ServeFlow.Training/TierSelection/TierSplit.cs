using System.Numerics;

namespace ServeFlow.Training.TierSelection;

/// <summary>
/// Holds what one tier does with the flows that reach it, at each of its levels: how many it answers, how many rightly,
/// how long those waited and how long the others would wait for each later depth. As a level answers all that the one
/// before it does, every flow is counted once. Owned by one thread and reused.
/// </summary>
sealed class TierSplit
{
    readonly IReadOnlyList<WaitTimes> waits;
    readonly FlowSet[] escalated;
    readonly int[] escalatedCounts = new int[SearchTier.MaxLevels];
    readonly int[] correct = new int[SearchTier.MaxLevels];
    readonly WaitTally[] answered;
    readonly WaitTally[][] waiting;

    public TierSplit(int flows, IReadOnlyList<WaitTimes> waits)
    {
        this.waits = waits;
        var levels = Enumerable.Range(0, SearchTier.MaxLevels);
        escalated = [.. levels.Select(_ => new FlowSet(flows))];
        answered = [.. levels.Select(_ => new WaitTally())];
        waiting = [.. levels.Select(_ => waits.Select(_ => new WaitTally()).ToArray())];
    }

    /// <summary>Gets the flows that a level passes on.</summary>
    public FlowSet Escalated(int level) => escalated[level];

    /// <summary>Gets the number of escalated flows.</summary>
    public int EscalatedCount(int level) => escalatedCounts[level];

    /// <summary>Gets how many of the flows that a level answers it answers rightly.</summary>
    public int Correct(int level) => correct[level];

    /// <summary>Gets how long the flows that a level answers have waited.</summary>
    public WaitTally Answered(int level) => answered[level];

    /// <summary>
    /// Gets, by waiting times from the tier's own on, how long the flows that a level passes on would wait.
    /// </summary>
    public WaitTally[] Waiting(int level) => waiting[level];

    /// <param name="reaching">The flows that reach the tier.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="reachingWaits">How long they would wait, by waiting times.</param>
    public void Divide(SearchTier tier, FlowSet reaching, int count, WaitTally[] reachingWaits)
    {
        for (var level = 0; level < tier.Answered.Count; level++)
        {
            var isFirst = level == 0;
            escalatedCounts[level] = isFirst ? count : escalatedCounts[level - 1];
            correct[level] = isFirst ? 0 : correct[level - 1];
            if (isFirst)
            {
                answered[level].Clear();
            }
            else
            {
                answered[level].CopyFrom(answered[level - 1]);
            }

            for (var w = tier.Waits; w < waits.Count; w++)
            {
                waiting[level][w].CopyFrom(isFirst ? reachingWaits[w] : waiting[level - 1][w]);
            }

            Divide(tier, level, isFirst ? reaching : escalated[level - 1]);
            answered[level].Accumulate();
            for (var w = tier.Waits; w < waits.Count; w++)
            {
                waiting[level][w].Accumulate();
            }
        }
    }

    void Divide(SearchTier tier, int level, FlowSet from)
    {
        var right = tier.Correct.Words;
        for (var word = 0; word < right.Length; word++)
        {
            var both = escalated[level].Divide(from, tier.Answered[level], word);
            escalatedCounts[level] -= BitOperations.PopCount(both);
            correct[level] += BitOperations.PopCount(both & right[word]);
            for (; both != 0; both &= both - 1)
            {
                Move(tier, level, (word * FlowSet.WordBits) + BitOperations.TrailingZeroCount(both));
            }
        }
    }

    /// <summary>A flow is answered at this level, and waits no more.</summary>
    void Move(SearchTier tier, int level, int flow)
    {
        answered[level].Add(waits[tier.Waits], flow);
        var tallies = waiting[level];
        for (var w = tier.Waits; w < tallies.Length; w++)
        {
            tallies[w].Remove(waits[w], flow);
        }
    }
}
