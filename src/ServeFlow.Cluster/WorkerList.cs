using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Messaging;

namespace ServeFlow.Cluster;

/// <summary>Reads the list of workers that a cluster keeps.</summary>
sealed class WorkerList(IHost host) : IDisposable
{
    readonly IGatewayListProvider provider = host.Services.GetRequiredService<IGatewayListProvider>();

    public Task OpenAsync() => provider.InitializeGatewayListProvider();

    /// <summary>Reads the addresses at which workers answer sensors.</summary>
    public async Task<IReadOnlyCollection<IPEndPoint>> ReadAsync() =>
    [
        .. (await provider.GetGateways()).Select(uri => new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port))
            .Distinct(),
    ];

    public void Dispose() => host.Dispose();
}
