namespace ServeFlow.Cluster.Fleets.Messages;

/// <summary>Holds what a sensor has counted since its start, and how it is. Rates are those of the last seconds.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.fleet.sensor")]
public sealed record SensorFigures
{
    [Id(0)]
    public long Packets { get; init; }

    [Id(1)]
    public long Flows { get; init; }

    [Id(2)]
    public long Active { get; init; }

    [Id(3)]
    public long Undecided { get; init; }

    [Id(4)]
    public long Answers { get; init; }

    /// <summary>Gets the flows that were answered early for want of room or time.</summary>
    [Id(5)]
    public long Overload { get; init; }

    /// <summary>Gets the packets that the kernel or an interface dropped.</summary>
    [Id(6)]
    public long Dropped { get; init; }

    /// <summary>Gets the records that an output did not get.</summary>
    [Id(7)]
    public long Lost { get; init; }

    [Id(8)]
    public double PacketsPerSecond { get; init; }

    [Id(9)]
    public double FlowsPerSecond { get; init; }

    [Id(10)]
    public double AnswersPerSecond { get; init; }

    /// <summary>Gets why it cannot do its work now; null where it does it.</summary>
    [Id(11)]
    public string? Unready { get; init; }

    /// <summary>Gets the models that are used, as <c>main</c>, <c>canary</c> and <c>shadow</c>.</summary>
    [Id(12)]
    public IReadOnlyList<UsedVersion> Models { get; init; } = [];

    /// <summary>Gets the flows that the shadow answered too.</summary>
    [Id(13)]
    public long Compared { get; init; }

    /// <summary>Gets those of them on which the shadow agrees.</summary>
    [Id(14)]
    public long Agreed { get; init; }

    /// <summary>Gets the score of the latest window of traffic, as a multiple of the one that raises an alarm; null
    /// where drift is not watched.</summary>
    [Id(15)]
    public double? DriftLevel { get; init; }

    /// <summary>Gets whether the traffic differs from that of training now.</summary>
    [Id(16)]
    public bool IsDrifting { get; init; }

    /// <summary>Gets the drifts that began.</summary>
    [Id(17)]
    public long DriftAlarms { get; init; }

    /// <summary>Gets what is unusual in the latest window, in words.</summary>
    [Id(18)]
    public IReadOnlyList<string> Unusual { get; init; } = [];
}

/// <summary>Represents a model that a sensor uses.</summary>
/// <param name="Role">main, canary or shadow.</param>
/// <param name="Share">The share of new flows that it answers, from 0 to 1; 0 for a shadow.</param>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.fleet.used")]
public sealed record UsedVersion([property: Id(0)] string Role, [property: Id(1)] string Name,
    [property: Id(2)] string Version, [property: Id(3)] string Sha256, [property: Id(4)] double Share);
