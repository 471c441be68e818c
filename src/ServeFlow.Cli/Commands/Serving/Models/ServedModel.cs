using ServeFlow.Cascade.Bundles;
using ServeFlow.Serving.Sensors;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>Represents a version that was read, checked and compiled, and answers or may.</summary>
sealed record ServedModel(RepositoryEntry Entry, Bundle Bundle)
{
    /// <summary>Gets what the sensor answers by.</summary>
    public SensorModel Sensor { get; } = new(Bundle.Plan, CreateKey(Bundle));

    public string Name => $"{Bundle.Plan.Name} {Bundle.Plan.Version}";

    /// <summary>Computes what tells contents apart: two versions may have the same bytes.</summary>
    public static string CreateKey(Bundle bundle) => $"{bundle.Plan.Name}\0{bundle.Plan.Version}\0{bundle.Sha256}";
}
