namespace ServeFlow.Cluster.Fleets.Messages;

/// <summary>Holds what a sensor or a worker tells the fleet about itself, several times a second.</summary>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.fleet.report")]
public sealed record NodeReport
{
    /// <summary>Gets its name, of which the fleet has one: that of a sensor, or the address of a worker.</summary>
    [Id(0)]
    public string Name { get; init; } = "";

    /// <summary>Tells two processes of one name apart.</summary>
    [Id(1)]
    public string Instance { get; init; } = "";

    /// <summary>Gets the version of the program.</summary>
    [Id(2)]
    public string Program { get; init; } = "";

    /// <summary>Gets the seconds since it started.</summary>
    [Id(3)]
    public double Seconds { get; init; }

    /// <summary>Gets the newest state that it has heard of.</summary>
    [Id(4)]
    public FleetState State { get; init; } = new();

    /// <summary>Gets the epoch of the state that it works by.</summary>
    [Id(5)]
    public long Applied { get; init; }

    /// <summary>Gets the change that it is ready for, or that it has a problem with; empty for none.</summary>
    [Id(6)]
    public string Staged { get; init; } = "";

    /// <summary>Gets what it cannot do of what was asked for; empty where all is well.</summary>
    [Id(7)]
    public string Problem { get; init; } = "";

    /// <summary>Gets whether it ends now.</summary>
    [Id(8)]
    public bool IsLeaving { get; init; }

    /// <summary>Gets the figures of a sensor; null for a worker.</summary>
    [Id(9)]
    public SensorFigures? Sensor { get; init; }

    /// <summary>Gets the figures of a worker; null for a sensor.</summary>
    [Id(10)]
    public WorkerFigures? Worker { get; init; }

    /// <summary>Gets the id of the state that it works by.</summary>
    [Id(11)]
    public string AppliedId { get; init; } = "";

    /// <summary>Gets the nodes that the worker has heard of from whoever led the fleet before
    /// (<see cref="FleetOrder.Others"/>), with their ages of now. They are told to one who begins to lead.</summary>
    [Id(12)]
    public IReadOnlyList<FleetNode> Others { get; init; } = [];

    /// <summary>Gets what kind of node it is, for messages.</summary>
    public string Kind => Worker is null ? "sensor" : "worker";
}
