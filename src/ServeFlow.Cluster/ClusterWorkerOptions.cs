using System.Net;

namespace ServeFlow.Cluster;

/// <summary>Says where a worker answers, and how much it does at a time.</summary>
public sealed record ClusterWorkerOptions
{
    public required ClusterOptions Cluster { get; init; }

    /// <summary>Gets the address at which it answers sensors.</summary>
    public required IPEndPoint Address { get; init; }

    /// <summary>Gets the port at which it answers other workers.</summary>
    public required int SiloPort { get; init; }

    /// <summary>Gets how many runs of models it does at a time.</summary>
    public required int Threads { get; init; }

    /// <summary>Gets how batches are gathered to runs.</summary>
    public GatherOptions Gather { get; init; } = new();
}
