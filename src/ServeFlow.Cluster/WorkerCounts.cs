using ServeFlow.Cluster.Messages;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Telemetry;

namespace ServeFlow.Cluster;

/// <summary>Counts the batches that came to a worker, and their flows, by what became of them. Written and read by any
/// thread.</summary>
public sealed class WorkerCounts
{
    static readonly TierStatus[] Statuses = Enum.GetValues<TierStatus>();

    readonly long[] batches = new long[Statuses.Length];
    readonly long[] flows = new long[Statuses.Length];
    long runs;

    /// <summary>Says it in words, as in "3 batches: 1,024 answered, 0 late flows, in 2 runs".</summary>
    public override string ToString() => $"{Batches:N0} batches: {string.Join(", ", Statuses.Select(status =>
        $"{CountFlows(status):N0} {SnakeCase.From(status)}"))} flows, in {Runs:N0} runs";

    internal long Batches => batches.Sum();

    /// <summary>Gets how often a model ran.</summary>
    internal long Runs => Interlocked.Read(ref runs);

    /// <summary>Gets the flows that came to an end.</summary>
    internal long CountFlows(TierStatus status) => Interlocked.Read(ref flows[(int)status]);

    internal void CountRun() => Interlocked.Increment(ref runs);

    internal void Count(TierStatus status, int count)
    {
        Interlocked.Increment(ref batches[(int)status]);
        Interlocked.Add(ref flows[(int)status], Math.Clamp(count, 0, RemoteBatch.Capacity)); // it may say anything
    }
}
