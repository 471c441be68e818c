using System.Net;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Cluster;
using ServeFlow.Cluster.Fleets;
using Xunit;

namespace ServeFlow.Cli.Tests.Clusters;

/// <summary>Starts workers of the cluster 'edge' within the process of the tests.</summary>
static class EdgeWorker
{
    /// <summary>Sets a worker up that scores a batch at a time.</summary>
    /// <param name="port">The port at which it answers sensors.</param>
    public static ClusterWorkerOptions CreateOptions(int port) => new()
    {
        Cluster = new() { Id = "edge" },
        Address = new(IPAddress.Loopback, port),
        SiloPort = TcpPort.FindFree(),
        Threads = 1,
    };

    /// <summary>Starts a worker that belongs to the fleet.</summary>
    /// <param name="bundle">The folder of the bundle that it serves.</param>
    /// <param name="store">The folder for what is published.</param>
    public static Task<FleetWorker> StartAsync(int port, string bundle, string store, Action<string> say) =>
        FleetWorker.StartAsync(CreateOptions(port), [Bundle.Load(bundle).Plan], store, ModelFormats.BuiltIn, say, say,
            TestContext.Current.CancellationToken);
}
