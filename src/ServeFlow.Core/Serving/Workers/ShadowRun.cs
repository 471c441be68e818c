using System.Runtime.CompilerServices;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows.Memory;
using ServeFlow.Packets;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Compares the answers of a plan that only follows with those that are given, unit by unit, on one worker's thread.
/// Each unit that begins has a pair: the answer that comes first waits there for the other one. What was counted may be
/// read from any thread.
/// </summary>
sealed class ShadowRun
{
    const int None = -1;

    readonly AnswerComparison comparison;
    readonly ushort mainModel;
    readonly NativeBlock<Pair> pairs;

    /// <summary>Holds, by pair, the record of the answer that waits; null where disagreements are only counted.
    /// </summary>
    readonly NativeBlock<FlowRecord>? records;

    /// <summary>Hold, by the slot of an undecided unit, its pair plus one; 0 where it began before the comparison.
    /// </summary>
    readonly NativeBlock<int> mainPairs, shadowPairs;

    /// <summary>Holds, by tier of the shadow, what keeps the main plan's scores for it; null where models differ.
    /// </summary>
    readonly SharedScores?[] shared;

    int extent;
    int firstFree = None;

    /// <summary>Holds the pair of the unit that began last.</summary>
    int current;

    /// <summary>Holds a bit for each tier at which the main plan has scored flows since the shadow has.</summary>
    ulong tiersToFollow;

    /// <param name="leader">The worker that is followed; it answers one task.</param>
    /// <param name="main">The plan that answers.</param>
    /// <param name="shadow">The plan that follows.</param>
    /// <param name="options">Those of <paramref name="leader"/>.</param>
    /// <param name="disagreements">Takes both answers of flows that the plans disagree on; null for none.</param>
    public ShadowRun(Worker leader, (CascadePlan Plan, int Model) main, (CascadePlan Plan, int Model) shadow,
        WorkerOptions options, ServedPlans plans, QueuedSink? disagreements)
    {
        Leader = leader;
        comparison = new(main.Plan, shadow.Plan);
        mainModel = (ushort)main.Model;
        Disagreements = disagreements;
        var most = (2 * options.MaxUndecided) + 1; // each has an undecided unit of either plan, or begins just now
        pairs = new(most);
        records = disagreements is null ? null : new(most);
        (mainPairs, shadowPairs) = (new(options.MaxUndecided), new(options.MaxUndecided));
        shared = [.. shadow.Plan.Tiers.Index().Select(tier => main.Plan.HasModelOf(shadow.Plan, tier.Index)
            ? new SharedScores(most, tier.Item.Compiled.Classes) : null)];
        Worker = new([shadow.Plan], options, new NullSink(), null, plans, shadow.Model, [], this);
    }

    /// <summary>Gets the worker that is followed.</summary>
    public Worker Leader { get; }

    /// <summary>Gets the worker that follows.</summary>
    public Worker Worker { get; }

    /// <summary>Gets what takes both answers where they differ; null where they are only counted.</summary>
    public QueuedSink? Disagreements { get; }

    /// <summary>Gets what was compared so far.</summary>
    public AnswerComparison Comparison => comparison;

    /// <summary>Gets how often the shadow took the scores of the main plan's model, which is its own too.</summary>
    public long TakenScores => shared.Sum(scores => scores?.Taken ?? 0);

    /// <summary>A unit begins, which both plans will answer.</summary>
    public void Begin()
    {
        current = firstFree;
        if (current == None)
        {
            current = extent++;
            pairs.Prefault(current);
            foreach (var scores in shared)
            {
                scores?.Prefault(current);
            }
        }
        else
        {
            firstFree = pairs[current].NextFree;
        }

        pairs[current].HasAnswer = false;
        Forget(current);
    }

    /// <summary>Says in which slot the unit that began last waits for one of its answers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Bind(int slot, bool isShadow) => PairAt(slot, isShadow) = current + 1;

    /// <summary>Prefetches the pair of a unit that will be answered. A hint.</summary>
    public unsafe void Prefetch(int slot, bool isShadow) =>
        CacheLine.Prefetch(pairs.Start + Math.Max(0, PairAt(slot, isShadow) - 1));

    /// <summary>Scores a batch of the main plan's; of a canary's and of earlier plans' nothing is kept.</summary>
    /// <returns>The slots of its flows.</returns>
    public ReadOnlySpan<int> ScoreMain(PlanLane lane, int tier, PendingFlows pending)
    {
        if (lane.Model != mainModel || tier >= shared.Length || shared[tier] is not { } scores)
        {
            return lane.Batches[tier].Score(pending, lane);
        }

        tiersToFollow |= 1ul << tier;
        return lane.Batches[tier].ScoreAndShare(pending, lane, scores, mainPairs);
    }

    /// <summary>Scores a batch of the shadow's, as far as the main plan has not done that.</summary>
    /// <returns>The slots of its flows.</returns>
    public ReadOnlySpan<int> ScoreShadow(PlanLane lane, int tier, PendingFlows pending) => shared[tier] is { } scores
        ? lane.Batches[tier].ScoreOthers(pending, lane, scores, shadowPairs) : lane.Batches[tier].Score(pending, lane);

    /// <summary>Takes the tiers, a bit each, at which the main plan has scored flows since the last call.</summary>
    public ulong TakeTiersToFollow()
    {
        var tiers = tiersToFollow;
        tiersToFollow = 0;
        return tiers;
    }

    /// <summary>Forgets the scores of a unit of the shadow's, whose kept packets change.</summary>
    public void ForgetScores(int slot)
    {
        if (shadowPairs[slot] is > 0 and var place)
        {
            Forget(place - 1);
        }
    }

    void Forget(int pair)
    {
        foreach (var scores in shared)
        {
            scores?.Forget(pair);
        }
    }

    /// <summary>Takes an answer to the unit of a slot, and compares it where the other one is there.</summary>
    public void Compare(int slot, in FlowRecord record, bool isShadow)
    {
        if (PairAt(slot, isShadow) is > 0 and var place)
        {
            Take(place - 1, record, isShadow);
        }
        else
        {
            comparison.CountUnpaired();
        }
    }

    /// <summary>Takes an answer to the unit that began last, which waits in no slot for it.</summary>
    public void CompareAtOnce(in FlowRecord record, bool isShadow) => Take(current, record, isShadow);

    void Take(int place, in FlowRecord record, bool isShadow)
    {
        ref var pair = ref pairs[place];
        if (!pair.HasAnswer)
        {
            (pair.HasAnswer, pair.Label, pair.Model) = (true, LabelOf(record), record.Model);
            if (records is not null)
            {
                records[place] = record;
            }

            return;
        }

        if ((isShadow ? pair.Model : record.Model) != mainModel)
        {
            comparison.CountOther(); // a canary's answer, or that of an earlier model
        }
        else if (!(isShadow ? comparison.Count(pair.Label, LabelOf(record))
            : comparison.Count(LabelOf(record), pair.Label)) && records is not null)
        {
            WriteBoth(isShadow ? records[place] : record, isShadow ? record : records[place]);
        }

        pair.NextFree = firstFree;
        firstFree = place;
    }

    /// <param name="main">The main plan's record, which alone tells of the flow and its tunnel.</param>
    /// <param name="shadow">The shadow's.</param>
    void WriteBoth(in FlowRecord main, in FlowRecord shadow)
    {
        var other = main;
        (other.Classification, other.TimestampNs, other.PacketNumber, other.Model) =
            (shadow.Classification, shadow.TimestampNs, shadow.PacketNumber, shadow.Model);
        Disagreements!.Write(main);
        Disagreements.Write(other);
    }

    static int LabelOf(in FlowRecord record) =>
        record.Classification.IsUnknown ? Classification.UnknownId : record.Classification.LabelId;

    ref int PairAt(int slot, bool isShadow) => ref (isShadow ? shadowPairs : mainPairs)[slot];

    /// <summary>What the first answer to a unit was, until the other one comes.</summary>
    struct Pair
    {
        public int Label;
        public int NextFree;
        public ushort Model;
        public bool HasAnswer;
    }
}
