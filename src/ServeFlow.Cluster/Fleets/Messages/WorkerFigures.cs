namespace ServeFlow.Cluster.Fleets.Messages;

/// <summary>Holds what a worker has done with batches since its start.</summary>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.fleet.worker")]
public sealed record WorkerFigures
{
    [Id(0)]
    public long Batches { get; init; }

    /// <summary>Gets the flows that it answered.</summary>
    [Id(1)]
    public long Answered { get; init; }

    /// <summary>Gets the flows whose deadline passed before their turn came.</summary>
    [Id(2)]
    public long Late { get; init; }

    /// <summary>Gets the flows that it sent back for want of room.</summary>
    [Id(3)]
    public long Busy { get; init; }

    /// <summary>Gets the flows that it refused, or whose model failed.</summary>
    [Id(4)]
    public long Refused { get; init; }

    /// <summary>Gets how many batches it scores at a time.</summary>
    [Id(5)]
    public int Threads { get; init; }

    /// <summary>Gets the tiers that it serves, in words.</summary>
    [Id(6)]
    public string Tiers { get; init; } = "";
}
