namespace ServeFlow.Cluster.Fleets.Messages;

/// <summary>Names what is to be done with a fleet.</summary>
[GenerateSerializer]
[Alias("serveflow.fleet.kind")]
public enum FleetChangeKind
{
    /// <summary>Have every worker keep a version that one of them has got.</summary>
    Publish,

    /// <summary>Have a version answer everywhere.</summary>
    Activate,

    /// <summary>Have a version answer on some sensors, or a share of the flows.</summary>
    Canary,

    /// <summary>Go back to the setting before.</summary>
    RollBack,
}

/// <summary>Asks for a change of what a fleet answers by.</summary>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.fleet.change")]
public sealed record FleetChange
{
    /// <summary>Exceeds what any fleet needs to be ready.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Limits the sensors that are named.</summary>
    const int MaxSensors = 1000;

    /// <summary>Limits the name of who asks.</summary>
    const int MaxBy = 300;

    [Id(0)]
    public FleetChangeKind Kind { get; init; }

    /// <summary>Gets the model's name; empty where none is needed.</summary>
    [Id(1)]
    public string Name { get; init; } = "";

    /// <summary>Gets its version; 0 for the latest that was published.</summary>
    [Id(2)]
    public int Version { get; init; }

    /// <summary>Gets the hash of what is published; empty otherwise.</summary>
    [Id(3)]
    public string Sha256 { get; init; } = "";

    /// <summary>Gets the share of new flows that a canary answers, from 0 to 1.</summary>
    [Id(4)]
    public double Share { get; init; }

    /// <summary>Gets the sensors that have the canary; empty for all.</summary>
    [Id(5)]
    public IReadOnlyList<string> Sensors { get; init; } = [];

    /// <summary>Gets the time within which every node that is there must be ready.</summary>
    [Id(6)]
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets its id, a GUID of 32 digits that the caller chooses: asked for again, it is the same change.
    /// </summary>
    [Id(7)]
    public string Id { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Gets who asks for it, in words; empty where nobody is known.</summary>
    [Id(8)]
    public string By { get; init; } = "";

    /// <summary>Finds what is wrong with it in itself; null for nothing.</summary>
    internal string? FindFault() => !Guid.TryParseExact(Id, "N", out _) ? "the change has no id"
        : Within < TimeSpan.Zero || Within > Longest ? $"the time is from 0 to {Longest.TotalSeconds} seconds"
        : By.Length > MaxBy ? "the name of who asks is too long"
        : !(Share is >= 0 and <= 1) ? "the share is from 0 to 1"
        : Sensors.Count > MaxSensors || !Sensors.All(FleetNames.IsPlain) ? "a sensor's name has at most 100 letters, "
            + "digits, '.', '-' and '_'"
        : Kind == FleetChangeKind.Publish ? FleetNames.FindFault(new(Name, Version, Sha256))
        : null;
}

/// <summary>Tells how a change stands.</summary>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.fleet.progress")]
public sealed record FleetProgress
{
    /// <summary>Gets the change's number.</summary>
    [Id(0)]
    public string Attempt { get; init; } = "";

    [Id(1)]
    public bool IsOver { get; init; }

    /// <summary>Gets whether it was decided: if not, every node answers as before, unless that is unknown.</summary>
    [Id(2)]
    public bool IsDone { get; init; }

    [Id(3)]
    public double Seconds { get; init; }

    /// <summary>Gets what there is to say; of a change that failed, why, by node.</summary>
    [Id(4)]
    public IReadOnlyList<string> Messages { get; init; } = [];

    /// <summary>Gets the model that it is about; null where a roll-back leaves each sensor to its own.</summary>
    [Id(5)]
    public FleetModel? Model { get; init; }

    /// <summary>Gets whether nobody can say if it was decided, as who led it is gone.</summary>
    [Id(6)]
    public bool IsUnknown { get; init; }

    /// <summary>Gets what answers from now on, in words; empty where nothing was decided.</summary>
    [Id(7)]
    public string Answers { get; init; } = "";

    /// <summary>Gets the nodes that have done it; of a publication, the workers that keep the model.</summary>
    [Id(8)]
    public IReadOnlyList<string> Nodes { get; init; } = [];
}
