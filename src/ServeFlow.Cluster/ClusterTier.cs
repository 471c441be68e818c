using System.Runtime.InteropServices;
using ServeFlow.Cascade;
using ServeFlow.Cluster.Messages;
using ServeFlow.Features;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cluster;

/// <summary>
/// A tier that the workers of a cluster compute. A batch is one call of the worker with the fewest batches, and of
/// another one where that fails. While cores of the sensor are free for batches, these come first.
/// </summary>
sealed class ClusterTier : IRemoteTier
{
    readonly ClusterTierOptions options;
    readonly WorkerPool pool;
    readonly RemoteHealth health;
    readonly RemoteCalls calls;
    readonly LocalLanes local;
    readonly HeaderPacking packing;
    readonly string name;
    readonly string key;
    readonly string description;

    public ClusterTier(ClusterTierOptions options, WorkerPool pool, CascadePlan plan, RemoteHealth health)
    {
        (this.options, this.pool, this.health) = (options, pool, health);
        calls = new(health, options.Deadline, options.Waits);
        local = new(plan.Tiers[^1], options.Waits ? 0 : options.LocalBatches);
        packing = new(plan.Schema);
        name = plan.Tiers[^1].Name;
        (key, description) = (TierKey.Compute(plan), TierKey.Describe(plan));
    }

    public string Address => $"cluster '{options.Cluster.Id}'";

    public TimeSpan Deadline => options.Deadline;

    public int Credits => options.Credits;

    public string? Problem => health.Problem;

    public void Score(RemoteBatch batch)
    {
        if (!local.TryScore(batch))
        {
            _ = calls.RunAsync(batch, AskAsync);
        }
    }

    async Task AskAsync(RemoteBatch batch, CancellationToken end)
    {
        var rows = PackedBatch.Write(batch, packing);
        var answer = await AskAsync(batch, rows, end);
        while (answer.Status == TierStatus.Unknown) // until none is left that may have it
        {
            answer = await AskAsync(batch, rows, end);
        }

        switch (answer.Status)
        {
            case TierStatus.Answered:
                Take(answer.Probabilities, batch);
                break;
            case TierStatus.Malformed:
                throw new RefusalException(InputException.Quote(answer.Problem));
            default:
                throw new IOException(InputException.Quote(answer.Problem));
        }
    }

    async Task<TierAnswer> AskAsync(RemoteBatch batch, byte[] rows, CancellationToken end)
    {
        var request = new TierRequest { Tier = name, Flows = batch.Count, Rows = rows, Left = batch.Left };
        return await Choose().AskAsync(key, request, end);
    }

    WorkerLink Choose()
    {
        try
        {
            return pool.Choose(key);
        }
        catch (RefusalException e)
        {
            throw new RefusalException($"no worker has the tier {description}; {InputException.Quote(e.Message)}: give "
                + "it the same version of the bundle");
        }
    }

    static void Take(byte[] probabilities, RemoteBatch batch)
    {
        var values = MemoryMarshal.Cast<byte, float>(probabilities);
        if (probabilities.Length != batch.Count * batch.Classes * sizeof(float))
        {
            throw new RefusalException($"its answer has {values.Length} numbers, and {batch.Count * batch.Classes} are "
                + "needed");
        }

        values.CopyTo(batch.Probabilities);
        batch.CheckProbabilities(0, batch.Count);
    }
}
