using ServeFlow.Cascade;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cluster;

/// <summary>Has the last tier of plans computed by the workers of a cluster.</summary>
public sealed class ClusterTierFactory : IRemoteTierFactory
{
    /// <summary>Lets the deadline itself, and not Orleans, say that an answer is late.</summary>
    static readonly TimeSpan Beyond = TimeSpan.FromSeconds(1);

    /// <summary>Limits how many workers are named.</summary>
    const int ShownWorkers = 8;

    readonly ClusterTierOptions options;
    readonly WorkerPool pool;

    /// <param name="say">Is told, in one line and on any thread, when the cluster fails and when it answers again, and
    /// which workers come and go.</param>
    /// <exception cref="InputException">The address of a worker is none, or needs certificates.</exception>
    public ClusterTierFactory(ClusterTierOptions options, Action<string> say)
    {
        this.options = options;
        say = options.Waits ? _ => { } : say;
        Health = new($"in cluster '{options.Cluster.Id}'", say);
        pool = new(options.Cluster, (options.Waits ? RemoteCalls.LongestWait : options.Deadline) + Beyond, say);
        pool.WaitForStart();
    }

    /// <summary>Gets what was asked for.</summary>
    public ClusterTierOptions Options => options;

    /// <summary>Gets the connections to the workers.</summary>
    internal WorkerPool Pool => pool;

    public string Tier { get; private set; } = "";

    public RemoteHealth Health { get; }

    /// <inheritdoc/>
    public CascadePlan Apply(CascadePlan plan)
    {
        Tier = plan.Tiers[^1].Name;
        return RemoteModel.Apply(plan, new ClusterTier(options, pool, plan, Health), options.Waits);
    }

    /// <inheritdoc/>
    public string Describe()
    {
        var links = pool.Links;
        return $"cluster '{options.Cluster.Id}'" + (links.Count == 0 ? $": {pool.Problem}"
            : $" with {links.Count} worker{(links.Count == 1 ? "" : "s")}: "
                + string.Join(", ", links.Take(ShownWorkers).Select(link => link.Address))
                + (links.Count > ShownWorkers ? " and others" : ""));
    }

    public void Dispose() => pool.Dispose();
}
