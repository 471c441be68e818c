using Orleans.Concurrency;
using ServeFlow.Cluster.Messages;

namespace ServeFlow.Cluster;

/// <summary>
/// Hands batches to the worker's tiers. It takes each as it comes, so that its time runs while it waits for a core.
/// </summary>
[StatelessWorker(1)]
[Reentrant]
sealed class TierGrain(WorkerTiers tiers) : Grain, ITierGrain
{
    public Task<TierAnswer> ScoreAsync(TierRequest request) => tiers.ScoreAsync(this.GetPrimaryKeyString(), request);
}
