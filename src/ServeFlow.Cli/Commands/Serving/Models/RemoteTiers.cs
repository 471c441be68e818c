using System.Runtime.CompilerServices;
using ServeFlow.Cluster;
using ServeFlow.Grpc;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>Creates what computes the last tier elsewhere. Libraries of clusters and of gRPC are loaded only
/// where they are asked for.</summary>
static class RemoteTiers
{
    /// <param name="server">The server that computes it; null for none.</param>
    /// <param name="cluster">Reads the cluster that computes it; null for none.</param>
    /// <param name="say">Is told, in one line and on any thread, when that fails and when it answers again.</param>
    /// <exception cref="InputException">What was asked for cannot be used.</exception>
    public static IRemoteTierFactory? Open(RemoteTierOptions? server, Func<ClusterTierOptions>? cluster,
        Action<string> say) =>
        server is { IsGrpc: true } ? AskByGrpc(server, say) : server is not null ? new RemoteTierFactory(server, say)
            : cluster is not null ? Join(cluster, say) : null;

    [MethodImpl(MethodImplOptions.NoInlining)]
    static RemoteTierFactory AskByGrpc(RemoteTierOptions server, Action<string> say) =>
        new(server, new GrpcTransport(server), say);

    [MethodImpl(MethodImplOptions.NoInlining)]
    static ClusterTierFactory Join(Func<ClusterTierOptions> cluster, Action<string> say) => new(cluster(), say);
}
