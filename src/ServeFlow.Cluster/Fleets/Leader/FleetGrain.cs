using System.Diagnostics;
using Microsoft.Extensions.Options;
using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets.Leader;

/// <summary>Puts the calls of nodes on the <see cref="FleetBoard"/>, one after the other.</summary>
sealed class FleetGrain(IOptions<Orleans.Configuration.ClusterOptions> cluster, ILocalSiloDetails worker)
    : Grain, IFleetGrain
{
    readonly FleetBoard board = new(static () => Stopwatch.GetElapsedTime(0), cluster.Value.ClusterId,
        worker.GatewayAddress.Endpoint.ToString());

    public Task<FleetOrder> ReportAsync(NodeReport report) => Task.FromResult(board.Report(report));

    public Task<FleetProgress> BeginAsync(FleetChange change) => Task.FromResult(board.Begin(change));

    public Task<FleetProgress> FollowAsync(string attempt) => Task.FromResult(board.Follow(attempt));

    public Task<FleetView> DescribeAsync() => Task.FromResult(board.View());
}
