using ServeFlow.Cluster.Fleets.Messages;
using ServeFlow.Serving.Sensors;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>Says which models a sensor uses for what.</summary>
/// <param name="Main">Answers the flows that no other does.</param>
sealed record ModelUse(ServedModel Main)
{
    /// <summary>Gets what answers a share of the flows; null for nothing.</summary>
    public ServedModel? Canary { get; init; }

    /// <summary>Gets the canary's share of flows, from 0 to 1.</summary>
    public double Share { get; init; }

    /// <summary>Gets what answers for comparison alone; null for nothing.</summary>
    public ServedModel? Shadow { get; init; }

    /// <summary>Gets each model and what it does.</summary>
    public IEnumerable<(ServedModel Model, string Role)> Roles =>
        new[] { (Main, "main"), (Canary, "canary"), (Shadow, "shadow") }
            .Where(entry => entry.Item1 is not null).Select(entry => (entry.Item1!, entry.Item2));

    /// <summary>Gets the same for a fleet.</summary>
    public IEnumerable<UsedVersion> Versions => Roles.Select(entry => new UsedVersion(entry.Role,
        entry.Model.Bundle.Plan.Name, entry.Model.Bundle.Plan.Version, entry.Model.Bundle.Sha256, entry.Role switch
        {
            "main" => 1 - Share,
            "canary" => Share,
            _ => 0,
        }));

    /// <summary>Gets the same with another main model, which is neither canary nor shadow then.</summary>
    public ModelUse WithMain(ServedModel next) => this with
    {
        Main = next,
        Canary = Canary == next ? null : Canary,
        Share = Canary == next ? 0 : Share,
        Shadow = Shadow == next ? null : Shadow,
    };

    public SensorModels ToSensor() => new(Main.Sensor, Canary?.Sensor, Share, Shadow?.Sensor);
}
