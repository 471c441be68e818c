using ServeFlow.Telemetry;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>
/// Counts the flows that remote tiers were to answer, by tier and outcome: each of them once. Written by one thread and
/// readable from any.
/// </summary>
public sealed class RemoteTally
{
    static readonly int Outcomes = Enum.GetValues<RemoteOutcome>().Length;

    long[] flows = [];
    long[] batches = [];

    /// <summary>Gets the sum over all tiers and outcomes.</summary>
    public long TotalFlows => Volatile.Read(ref flows).Sum();

    /// <summary>Gets the number of flows.</summary>
    /// <param name="tier">The tier's place in the counts.</param>
    public long Flows(int tier, RemoteOutcome outcome) => Get(Volatile.Read(ref flows), tier, outcome);

    /// <summary>Gets the number of batches.</summary>
    /// <param name="tier">The tier's place in the counts.</param>
    public long Batches(int tier, RemoteOutcome outcome) => Get(Volatile.Read(ref batches), tier, outcome);

    internal void Grow(int tiers)
    {
        CountArray.Grow(ref flows, tiers * Outcomes);
        CountArray.Grow(ref batches, tiers * Outcomes);
    }

    internal void Count(int tier, RemoteOutcome outcome, int count) => flows[Place(tier, outcome)] += count;

    internal void CountBatch(int tier, RemoteOutcome outcome, int count)
    {
        Count(tier, outcome, count);
        batches[Place(tier, outcome)]++;
    }

    internal void Add(RemoteTally other)
    {
        CountArray.Add(ref flows, Volatile.Read(ref other.flows));
        CountArray.Add(ref batches, Volatile.Read(ref other.batches));
    }

    static long Get(long[] counts, int tier, RemoteOutcome outcome) =>
        Place(tier, outcome) < counts.Length ? counts[Place(tier, outcome)] : 0;

    static int Place(int tier, RemoteOutcome outcome) => (tier * Outcomes) + (int)outcome;
}
