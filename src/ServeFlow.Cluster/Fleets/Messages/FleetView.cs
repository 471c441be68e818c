namespace ServeFlow.Cluster.Fleets.Messages;

/// <summary>Shows a fleet as it is now.</summary>
/// <param name="Nodes">Every node that was heard of within the last hour, by kind and name.</param>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.fleet.view")]
public sealed record FleetView([property: Id(0)] FleetState State, [property: Id(1)] IReadOnlyList<FleetNode> Nodes)
{
    /// <summary>Gets why this is not how the fleet is now, but how it was last known; empty where it is.</summary>
    [Id(2)]
    public string Problem { get; init; } = "";
}

/// <summary>Represents a node as the fleet knows it.</summary>
/// <param name="Report">What it said last.</param>
/// <param name="State">present, away or left.</param>
/// <param name="Age">Seconds since it was heard last.</param>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.fleet.node")]
public sealed record FleetNode([property: Id(0)] NodeReport Report, [property: Id(1)] string State,
    [property: Id(2)] double Age);
