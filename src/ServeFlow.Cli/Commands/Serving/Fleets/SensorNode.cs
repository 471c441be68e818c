using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cluster.Fleets;
using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cli.Commands.Serving.Fleets;

/// <summary>Represents a sensor as its fleet steers it.</summary>
/// <param name="name">The name that the fleet knows it by.</param>
/// <param name="tasks">The models of each task; a fleet steers those of a sensor with one.</param>
/// <param name="read">Reads the sensor's figures.</param>
sealed class SensorNode(string name, IReadOnlyList<ServeModels> tasks, Func<SensorFigures> read) : IFleetNode
{
    readonly ServeModels models = tasks[0];

    public string Name => name;

    /// <summary>Gets how names of the sensor's own begin, in a folder that others may share. No name of a sensor has a
    /// plus.</summary>
    string Prefix => $".fleet-{name}";

    string StateFile => Path.Combine(models.Root, $"{Prefix}.json");

    public NodeReport Describe(NodeReport report) => report with { Sensor = read() };

    public FleetState Recall()
    {
        try
        {
            foreach (var left in Directory.EnumerateDirectories(models.Root, $"{Prefix}+*"))
            {
                Directory.Delete(left, recursive: true);
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            // A folder that cannot be written to takes no models either: it is said once one comes.
        }

        return FleetStateFile.Read(StateFile);
    }

    public void Keep(FleetState state) => FleetStateFile.Write(StateFile, state);

    public IEnumerable<FleetModel> FindNeeded(FleetState state) =>
        new[] { state.Setting.FindModels(name).Main, state.Setting.FindModels(name).Canary }.OfType<FleetModel>();

    public bool Has(FleetModel model) => tasks.Count == 1 ? models.HasVersion(model)
        : throw new InputException("it answers several tasks, and a fleet changes the models of sensors with one");

    public string CreatePlace(FleetModel model)
    {
        var folder = Path.Combine(models.Root, $"{Prefix}+{Guid.NewGuid():N}");
        try
        {
            return Directory.CreateDirectory(folder).FullName;
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{models.Root}: takes no model of the fleet: {e.Message.TrimEnd('.')}", e);
        }
    }

    public void Stage(FleetModel model, string? folder) => models.Stage(model, folder);

    public void Prepare(FleetModel model, string? folder) => models.Prepare(model, folder);

    public void Apply(FleetState state)
    {
        var (main, canary) = state.Setting.FindModels(name);
        if (tasks.Count == 1)
        {
            models.Follow(main, canary, state.Setting.Share);
        }
    }

    public void Drop(FleetModel? but) => models.DropReceived(but);
}
