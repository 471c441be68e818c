namespace ServeFlow.Cluster.Fleets.Messages;

/// <summary>Answers a report: what the fleet has decided, and what a node is to make ready.</summary>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.fleet.order")]
sealed record FleetOrder
{
    [Id(0)]
    public FleetState State { get; init; } = new();

    /// <summary>Gets the change that is being prepared; empty for none.</summary>
    [Id(1)]
    public string Attempt { get; init; } = "";

    /// <summary>Gets the model that is to be made ready for it; null for none.</summary>
    [Id(2)]
    public FleetModel? Model { get; init; }

    /// <summary>Gets the addresses of the workers that are there.</summary>
    [Id(3)]
    public IReadOnlyList<string> Workers { get; init; } = [];

    /// <summary>Gets whether a change is under way, so that the next report is wanted soon.</summary>
    [Id(4)]
    public bool IsHurried { get; init; }

    /// <summary>Gets why the report is not taken; empty where it is.</summary>
    [Id(5)]
    public string Refusal { get; init; } = "";

    /// <summary>Gets whether whoever leads the fleet still learns what others have begun: what was made ready is kept.
    /// </summary>
    [Id(6)]
    public bool IsGathering { get; init; }

    /// <summary>Gets, for a worker, the nodes that only whoever leads the fleet knows of: those that are away, and the
    /// worker that leads, as it is away once another one does.</summary>
    [Id(7)]
    public IReadOnlyList<FleetNode> Others { get; init; } = [];

    /// <summary>Gets the address of the worker that leads the fleet.</summary>
    [Id(8)]
    public string Leader { get; init; } = "";
}
