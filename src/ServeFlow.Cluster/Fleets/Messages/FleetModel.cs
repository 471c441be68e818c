namespace ServeFlow.Cluster.Fleets.Messages;

/// <summary>Names one version of a bundle as a fleet knows it.</summary>
/// <param name="Name">The name of the folder of its versions.</param>
/// <param name="Version">The number of the version, from 1.</param>
/// <param name="Sha256">The SHA-256 of its manifest, which has the hashes of its other files, as 64 hexadecimal digits.
/// </param>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.fleet.model")]
public sealed record FleetModel([property: Id(0)] string Name, [property: Id(1)] int Version,
    [property: Id(2)] string Sha256)
{
    public override string ToString() => $"{Name}@{Version}";
}
