using Microsoft.Extensions.DependencyInjection;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Cluster.Fleets.Bundles;

namespace ServeFlow.Cluster.Fleets;

/// <summary>Represents a worker that keeps what its fleet publishes, and serves the tiers that the fleet uses beside
/// those that it was given.</summary>
public sealed class FleetWorker : IAsyncDisposable
{
    readonly ClusterWorker worker;
    readonly BundleStore store;
    readonly FleetMember member;

    FleetWorker(ClusterWorker worker, BundleStore store, FleetMember member)
    {
        (this.worker, this.store, this.member) = (worker, store, member);
    }

    /// <inheritdoc cref="ClusterWorker.Counts"/>
    public WorkerCounts Counts => worker.Counts;

    /// <inheritdoc cref="ClusterWorker.Tiers"/>
    public string Tiers => worker.Tiers;

    /// <inheritdoc cref="ClusterWorker.Ended"/>
    public CancellationToken Ended => worker.Ended;

    /// <inheritdoc cref="ClusterWorker.EndReason"/>
    public string EndReason => worker.EndReason;

    /// <summary>Joins the cluster and its fleet.</summary>
    /// <param name="plans">Have the tiers that it always serves.</param>
    /// <param name="storePath">The folder for what is published, and for what was decided.</param>
    /// <param name="formats">What published models may be.</param>
    /// <param name="say">Is told, in one line and on any thread, what there is to say.</param>
    /// <param name="warn">Is told what is wrong in the same way.</param>
    /// <exception cref="InputException">It cannot listen there, the folder cannot be used, or there is no such cluster.
    /// </exception>
    public static async Task<FleetWorker> StartAsync(ClusterWorkerOptions options, IReadOnlyList<CascadePlan> plans,
        string storePath, ModelFormats formats, Action<string> say, Action<string> warn, CancellationToken stop)
    {
        var store = new BundleStore(storePath, formats);
        ClusterWorker? worker = null;
        try
        {
            worker = await ClusterWorker.StartAsync(options, plans, services => services.AddSingleton(store), warn,
                stop);
            var node = new WorkerNode(options, worker.Served, store);
            var reach = new WorkerReach(options.Cluster, options.Address, worker.Grains);
            return new(worker, store, new(node, reach, say, warn));
        }
        catch (Exception)
        {
            if (worker is not null)
            {
                await worker.DisposeAsync();
            }

            store.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.Run(member.Dispose);
        await worker.DisposeAsync();
        store.Dispose();
    }
}
