using System.Globalization;

namespace ServeFlow.Cluster.Fleets.Messages;

/// <summary>Says which models the sensors of a fleet answer by.</summary>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.fleet.setting")]
public sealed record FleetSetting
{
    /// <summary>Gets what answers everywhere; null where each sensor answers by the model that it was started with.
    /// </summary>
    [Id(0)]
    public FleetModel? Main { get; init; }

    /// <summary>Gets what is tried; null for nothing.</summary>
    [Id(1)]
    public FleetModel? Canary { get; init; }

    /// <summary>Gets the share of new flows that the canary answers, from 0 to 1.</summary>
    [Id(2)]
    public double Share { get; init; }

    /// <summary>Gets the names of the sensors that have the canary; empty for all of them.</summary>
    [Id(3)]
    public IReadOnlyList<string> Sensors { get; init; } = [];

    /// <summary>Determines whether two settings have the same content.</summary>
    public bool Equals(FleetSetting? other) => other is not null && (Main, Canary, Share)
        == (other.Main, other.Canary, other.Share) && Sensors.SequenceEqual(other.Sensors);

    public override int GetHashCode() => HashCode.Combine(Main, Canary, Share, Sensors.Count);

    /// <summary>Says in words what answers.</summary>
    public override string ToString() => (Main?.ToString() ?? "each sensor's own model") + (Canary is null ? ""
        : string.Create(CultureInfo.InvariantCulture, $", canary {Canary} for {100 * Share:0.##} % of the flows ")
            + (Sensors.Count == 0 ? "everywhere" : $"of {string.Join(", ", Sensors)}"));

    /// <summary>Gets the models that it is about.</summary>
    public IEnumerable<FleetModel> Models => new[] { Main, Canary }.OfType<FleetModel>();

    /// <summary>Gets the models of one sensor: what answers, and what answers a share of its flows. A canary with all
    /// flows of a sensor is what answers there.</summary>
    public (FleetModel? Main, FleetModel? Canary) FindModels(string sensor) =>
        Canary is null || (Sensors.Count > 0 && !Sensors.Contains(sensor)) ? (Main, null)
            : Share >= 1 ? (Canary, null) : (Main, Canary);
}
