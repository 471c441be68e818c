using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Telemetry;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Accounts for everything that came in, exactly. Whenever a worker has handed its records on, <c>Received = Tracked +
/// Ignored.Total + Untracked.Total</c>, <c>Created = Active + Ended.Total</c> and <c>Units = Decisions.Total +
/// Undecided</c>, where units are flows or windows of them: none goes without an answer.
/// </summary>
public sealed class Account
{
    static readonly int Reasons = Enum.GetValues<DecisionReason>().Length;

    /// <summary>Doubles up to what a batch holds.</summary>
    static readonly double[] SizeBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

    /// <summary>From one flow by a small tree to a full batch by a neural network, in seconds.</summary>
    static readonly double[] SecondBounds =
        [1e-6, 2e-6, 5e-6, 1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 1e-1];

    long[] decisionsByTier;
    long[] shedByTier;
    long[] decisions;
    long[] answersByModel = new long[1];
    long[] waiting;

    /// <summary>An empty account, for the sum of several.</summary>
    /// <param name="tiers">Tiers of the cascade.</param>
    public Account(int tiers) : this(tiers, 0, new(), new(), new())
    {
    }

    internal Account(int tiers, int labels, Tally<UntrackedReason> untracked, Tally<EndReason> ended,
        Tally<FlowEvent> events)
    {
        Answers = new(tiers, labels);
        decisionsByTier = new long[tiers];
        shedByTier = new long[tiers];
        decisions = new long[tiers * Reasons];
        waiting = new long[tiers];
        BatchSizes = new(SizeBounds, tiers);
        BatchSeconds = new(SecondBounds, 1);
        Remote.Grow(tiers);
        Untracked = untracked;
        Ended = ended;
        Events = events;
    }

    /// <summary>Gets the number of packets that the source delivered.</summary>
    public long Received { get; internal set; }

    /// <summary>Gets the number of packets that were counted into a flow.</summary>
    public long Tracked { get; private set; }

    /// <summary>Gets the packets in which no IP header could be decoded.</summary>
    public Tally<IgnoreReason> Ignored { get; } = new();

    /// <summary>Gets what was odd about packets that were decoded all the same.</summary>
    public OddityTally Oddities { get; } = new();

    /// <summary>Gets what was odd about packets in their flows, and the table's emergencies.</summary>
    public Tally<FlowEvent> Events { get; }

    /// <summary>Gets the packets that were decoded but belong to no flow.</summary>
    public Tally<UntrackedReason> Untracked { get; }

    public long Created { get; private set; }

    public long Active { get; private set; }

    public Tally<EndReason> Ended { get; }

    /// <summary>Gets the number of units to answer: the flows created, once for each task, or the windows
    /// with packets.</summary>
    public long Units { get; private set; }

    /// <summary>Units that wait for their answer.</summary>
    public long Undecided { get; private set; }

    /// <summary>Units answered, by the tier whose answer it is.</summary>
    public ReadOnlySpan<long> DecisionsByTier => decisionsByTier;

    /// <summary>
    /// Flows that a tier would have passed on and answered itself, because packets piled up. Part of
    /// <see cref="DecisionsByTier"/>, and of the decisions for <see cref="DecisionReason.Overload"/>.
    /// </summary>
    public ReadOnlySpan<long> ShedByTier => shedByTier;

    public Tally<DecisionReason> Decisions { get; } = new();

    /// <summary>Gets the same decisions by what they answer, how surely and after which wait.</summary>
    public AnswerTally Answers { get; }

    /// <summary>Units answered, by the number of the plan whose answer it is.</summary>
    public ReadOnlySpan<long> AnswersByModel => Volatile.Read(ref answersByModel);

    /// <summary>Units that wait for a tier: for its packets, or for their turn.</summary>
    public ReadOnlySpan<long> Waiting => Volatile.Read(ref waiting);

    /// <summary>Gets how many units each batch had that a tier scored, a series for each tier.</summary>
    public BucketCounts BatchSizes { get; }

    /// <summary>Gets how long each batch took, features and model, in seconds, a series for each plan.</summary>
    public BucketCounts BatchSeconds { get; }

    /// <summary>Gets what became of the units that tiers in other processes were to answer.</summary>
    public RemoteTally Remote { get; } = new();

    /// <summary>Gets the units that a tier answered for a reason.</summary>
    public long CountDecisions(int tier, DecisionReason reason) =>
        Volatile.Read(ref decisions) is var all && tier * Reasons < all.Length
            ? all[(tier * Reasons) + (int)reason] : 0;

    /// <summary>Gets whether everything that came in is accounted for.</summary>
    public bool Balances =>
        Received == Tracked + Ignored.Total + Untracked.Total
        && Created == Active + Ended.Total
        && Decisions.Total == decisionsByTier.Sum() && Decisions.Total == Answers.Total
        && Units == Decisions.Total + Undecided && Units >= Created;

    public void Add(Account other)
    {
        Received += other.Received;
        Tracked += other.Tracked;
        Ignored.Add(other.Ignored);
        Oddities.Add(other.Oddities);
        Events.Add(other.Events);
        Untracked.Add(other.Untracked);
        Created += other.Created;
        Active += other.Active;
        Units += other.Units;
        Undecided += other.Undecided;
        Ended.Add(other.Ended);
        Decisions.Add(other.Decisions);
        Answers.Add(other.Answers);
        CountArray.Add(ref decisions, other.decisions);
        CountArray.Add(ref decisionsByTier, other.decisionsByTier);
        CountArray.Add(ref shedByTier, other.shedByTier);
        CountArray.Add(ref answersByModel, other.answersByModel);
        CountArray.Add(ref waiting, other.waiting);
        BatchSizes.Add(other.BatchSizes);
        BatchSeconds.Add(other.BatchSeconds);
        Remote.Add(other.Remote);
    }

    /// <summary>Makes room for so many tiers, labels and plans; what was counted stays.</summary>
    internal void Grow(int tiers, int labels, int models)
    {
        CountArray.Grow(ref decisionsByTier, tiers);
        CountArray.Grow(ref shedByTier, tiers);
        CountArray.Grow(ref decisions, tiers * Reasons);
        CountArray.Grow(ref answersByModel, models);
        CountArray.Grow(ref waiting, tiers);
        Remote.Grow(tiers);
        BatchSizes.Grow(tiers);
        BatchSeconds.Grow(models);
        Answers.Grow(tiers, labels);
    }

    internal void SetTableCounts(long tracked, long created, long active, long undecided) =>
        (Tracked, Created, Active, Undecided) = (tracked, created, active, undecided);

    /// <summary>Sums, by tier, what waits in each lane.</summary>
    internal void SetWaiting(ReadOnlySpan<PlanLane?> lanes)
    {
        Span<long> sums = stackalloc long[ServedPlans.MaxTiers];
        sums.Clear();
        foreach (var lane in lanes)
        {
            for (var tier = 0; tier < lane?.Waiting.Length; tier++)
            {
                sums[lane.TierNumbers[tier]] += lane.Waiting[tier];
            }
        }

        sums[..waiting.Length].CopyTo(waiting);
    }

    internal void CountUnit() => Units++;

    /// <summary>Counts a batch that was scored.</summary>
    /// <param name="model">The number of the plan that scored it.</param>
    /// <param name="tier">The tier's place in the counts.</param>
    internal void CountBatch(int model, int tier, int units, TimeSpan time)
    {
        BatchSizes.Count(tier, units);
        BatchSeconds.Count(model, time.TotalSeconds);
    }

    internal void CountShed(int tier) => shedByTier[tier]++;

    /// <param name="model">The number of the plan that answers.</param>
    /// <param name="tier">The tier's place in the counts.</param>
    /// <param name="labelNumbers">Places in the counts, by label of the plan that answers.</param>
    internal void CountDecision(in Classification answer, int model, int tier, int[] labelNumbers)
    {
        answersByModel[model]++;
        decisionsByTier[tier]++;
        decisions[(tier * Reasons) + (int)answer.Reason]++;
        Decisions.Count(answer.Reason);
        Answers.Count(answer, tier, labelNumbers);
    }
}
