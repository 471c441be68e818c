using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Packets;
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

    long[] decisionsByTier;
    long[] shedByTier;
    long[] decisions;

    /// <summary>An empty account, for the sum of several.</summary>
    /// <param name="tiers">Tiers of the cascade.</param>
    public Account(int tiers) : this(tiers, new(), new(), new())
    {
    }

    internal Account(int tiers, Tally<UntrackedReason> untracked, Tally<EndReason> ended, Tally<FlowEvent> events)
    {
        decisionsByTier = new long[tiers];
        shedByTier = new long[tiers];
        decisions = new long[tiers * Reasons];
        Untracked = untracked;
        Ended = ended;
        Events = events;
    }

    /// <summary>Packets that the source delivered.</summary>
    public long Received { get; internal set; }

    /// <summary>Packets that were counted into a flow.</summary>
    public long Tracked { get; private set; }

    /// <summary>Packets in which no IP header could be decoded.</summary>
    public Tally<IgnoreReason> Ignored { get; } = new();

    /// <summary>Gets what was odd about packets that were decoded all the same.</summary>
    public OddityTally Oddities { get; } = new();

    /// <summary>Gets what was odd about packets in their flows, and the table's emergencies.</summary>
    public Tally<FlowEvent> Events { get; }

    /// <summary>Packets that were decoded but belong to no flow.</summary>
    public Tally<UntrackedReason> Untracked { get; }

    public long Created { get; private set; }

    public long Active { get; private set; }

    public Tally<EndReason> Ended { get; }

    /// <summary>Gets the number of units to answer: the flows created, or the windows with packets.</summary>
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

    /// <summary>Gets the units that a tier answered for a reason.</summary>
    public long CountDecisions(int tier, DecisionReason reason) =>
        Volatile.Read(ref decisions) is var all && tier * Reasons < all.Length
            ? all[(tier * Reasons) + (int)reason] : 0;

    /// <summary>Gets whether everything that came in is accounted for.</summary>
    public bool Balances =>
        Received == Tracked + Ignored.Total + Untracked.Total
        && Created == Active + Ended.Total
        && Decisions.Total == decisionsByTier.Sum()
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
        Add(ref decisions, other.decisions);
        Add(ref decisionsByTier, other.decisionsByTier);
        Add(ref shedByTier, other.shedByTier);
    }

    /// <summary>Makes room for so many tiers; what was counted stays.</summary>
    internal void Grow(int tiers)
    {
        if (tiers > decisionsByTier.Length)
        {
            Resize(ref decisionsByTier, tiers);
            Resize(ref shedByTier, tiers);
            Resize(ref decisions, tiers * Reasons);
        }
    }

    static void Add(ref long[] sum, long[] counts)
    {
        if (counts.Length > sum.Length)
        {
            Resize(ref sum, counts.Length);
        }

        for (var i = 0; i < counts.Length; i++)
        {
            sum[i] += counts[i];
        }
    }

    /// <summary>Others may read meanwhile.</summary>
    static void Resize(ref long[] counts, int length)
    {
        var larger = counts;
        Array.Resize(ref larger, length);
        Volatile.Write(ref counts, larger);
    }

    internal void SetTableCounts(long tracked, long created, long active, long undecided) =>
        (Tracked, Created, Active, Undecided) = (tracked, created, active, undecided);

    internal void CountUnit() => Units++;

    internal void CountShed(int tier) => shedByTier[tier]++;

    internal void CountDecision(int tier, DecisionReason reason)
    {
        decisionsByTier[tier]++;
        decisions[(tier * Reasons) + (int)reason]++;
        Decisions.Count(reason);
    }
}
