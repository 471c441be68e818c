namespace ServeFlow.Cluster.Fleets.Messages;

/// <summary>
/// Holds what a fleet has decided. Every node keeps the newest that it has heard of and reports it: whoever leads the
/// fleet learns it from them, and it outlives the worker that decided it.
/// </summary>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.fleet.state")]
public sealed record FleetState : IComparable<FleetState>
{
    /// <summary>Gets the number of decisions that were made, this one included.</summary>
    [Id(0)]
    public long Epoch { get; init; }

    /// <summary>Gets the id of the change that was decided. It tells two decisions of the same number apart, which
    /// parts of a broken network may make.</summary>
    [Id(1)]
    public string Id { get; init; } = "";

    [Id(2)]
    public FleetSetting Setting { get; init; } = new();

    /// <summary>Gets the settings that one can go back to, the latest last.</summary>
    [Id(3)]
    public IReadOnlyList<FleetSetting> Earlier { get; init; } = [];

    /// <summary>Gets the models that workers keep for sensors to fetch, the latest last.</summary>
    [Id(4)]
    public IReadOnlyList<FleetModel> Published { get; init; } = [];

    /// <summary>Gets the name of the cluster whose fleet has decided it: in another one it means nothing.</summary>
    [Id(5)]
    public string Cluster { get; init; } = "";

    /// <summary>Gets who asked for the change that was decided, in words; empty where nobody is known.</summary>
    [Id(6)]
    public string By { get; init; } = "";

    /// <summary>Orders states from older to newer.</summary>
    public int CompareTo(FleetState? other) => other is null ? 1
        : (Epoch, Rank(Id)).CompareTo((other.Epoch, Rank(other.Id)));

    public bool IsNewerThan(FleetState other) => CompareTo(other) > 0;

    static long Rank(string id) => Guid.TryParse(id, out var guid) ? BitConverter.ToInt64(guid.ToByteArray()) : 0;
}
