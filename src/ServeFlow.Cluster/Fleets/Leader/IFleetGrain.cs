using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets.Leader;

/// <summary>Leads a fleet: one of it is in a cluster, on any worker. No call waits for a node.</summary>
[Alias("serveflow.fleet")]
interface IFleetGrain : IGrainWithStringKey
{
    /// <summary>Specifies the key of the only one in a cluster.</summary>
    const string Key = "fleet";

    /// <summary>Takes what a node tells, and says what it is to do.</summary>
    [Alias("report")]
    [ResponseTimeout("00:00:01")] // one that hangs must not keep the next from coming in time
    Task<FleetOrder> ReportAsync(NodeReport report);

    /// <summary>Begins a change.</summary>
    [Alias("begin")]
    [ResponseTimeout("00:00:05")]
    Task<FleetProgress> BeginAsync(FleetChange change);

    /// <summary>Tells how a change stands.</summary>
    [Alias("follow")]
    [ResponseTimeout("00:00:05")]
    Task<FleetProgress> FollowAsync(string attempt);

    [Alias("describe")]
    [ResponseTimeout("00:00:01")] // a worker that hangs leaves time to ask another one
    Task<FleetView> DescribeAsync();
}
