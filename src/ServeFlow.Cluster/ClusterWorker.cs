using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ServeFlow.Cascade;

namespace ServeFlow.Cluster;

/// <summary>Represents a worker of a cluster: it scores batches that sensors send, of the last tiers of its
/// bundles.</summary>
public sealed class ClusterWorker : IAsyncDisposable
{
    /// <summary>Specifies how long it may take to leave the cluster in good order.</summary>
    static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(5);

    readonly IHost host;
    readonly WorkerTiers tiers;

    ClusterWorker(IHost host, WorkerTiers tiers)
    {
        (this.host, this.tiers) = (host, tiers);
    }

    /// <summary>Gets what became of the batches that came.</summary>
    public WorkerCounts Counts => tiers.Counts;

    /// <summary>Gets the tiers that it serves and what computes them, for messages.</summary>
    public string Tiers => tiers.Engines;

    /// <summary>Gets what is signalled when Orleans ends the worker by itself.</summary>
    public CancellationToken Ended => host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    /// <summary>Gets why the worker ended by itself, in a clause.</summary>
    public string EndReason => ((EndingFatalErrors)host.Services.GetRequiredService<IFatalErrorHandler>()).Reason;

    /// <summary>Gets what scores the batches.</summary>
    internal WorkerTiers Served => tiers;

    /// <summary>Gets what calls grains of the cluster from here.</summary>
    internal IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Joins the cluster.</summary>
    /// <param name="plans">Have the tiers: the last of each.</param>
    /// <exception cref="InputException">It cannot listen there, or there is no such cluster.</exception>
    public static Task<ClusterWorker> StartAsync(ClusterWorkerOptions options, IReadOnlyList<CascadePlan> plans,
        CancellationToken stop = default) => StartAsync(options, plans, _ => { }, _ => { }, stop);

    /// <inheritdoc cref="StartAsync(ClusterWorkerOptions, IReadOnlyList{CascadePlan}, CancellationToken)"/>
    /// <param name="add">Adds what other grains need.</param>
    /// <param name="warn">Is told, in one line and on any thread, what an operator should look at.</param>
    internal static async Task<ClusterWorker> StartAsync(ClusterWorkerOptions options,
        IReadOnlyList<CascadePlan> plans, Action<IServiceCollection> add, Action<string> warn, CancellationToken stop)
    {
        ClusterOptions.CheckEncrypted(options.Address, options.Cluster.Tls);
        CheckFree(options.Address, "--listen");
        CheckFree(new(options.Address.Address, options.SiloPort), "--silo-port");
        var tiers = new WorkerTiers(plans, options.Threads, options.Gather);
        tiers.WarmUp();
        var builder = ClusterHosts.CreateBuilder();
        builder.Services.AddSingleton(tiers);
        add(builder.Services);
        builder.UseOrleans(silo => silo.Apply(options, warn));
        var host = builder.Build();
        try
        {
            await host.StartAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            host.Dispose();
            throw;
        }
        catch (Exception e)
        {
            host.Dispose();
            throw new InputException($"{options.Address}: a worker of cluster '{options.Cluster.Id}' cannot start: "
                + ClusterProblem.DescribeStarting(e, options), e);
        }

        return new(host, tiers);
    }

    /// <summary>Leaves the cluster: what came is answered first. Orleans waits for a list that does not answer without
    /// end, and is left to itself then.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAny(Task.Run(LeaveAsync), Task.Delay(2 * LeaveTime)).ConfigureAwait(false);

    async Task LeaveAsync()
    {
        using var end = new CancellationTokenSource(LeaveTime);
        await host.StopAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        host.Dispose();
    }

    /// <summary>Refuses an address that another program listens at. Orleans would share it with another worker: each
    /// connection would come to either.</summary>
    /// <param name="option">What sets the address.</param>
    static void CheckFree(IPEndPoint address, string option)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
        }
        catch (SocketException e)
        {
            throw new InputException($"{address}: cannot be listened at: {e.Message}; "
                + (e.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"does another worker run there? Give each its own {option}"
                    : "give an address and a port of this machine by --listen and --silo-port"), e);
        }
    }
}
