using ServeFlow.Cluster.Fleets.Messages;

namespace ServeFlow.Cluster.Fleets;

/// <summary>
/// Represents a sensor or a worker as its fleet steers it. Calls that change something come from one thread at a
/// time; each may throw an <see cref="InputException"/> that says why it cannot be.
/// </summary>
public interface IFleetNode
{
    /// <summary>Gets its name, of which the fleet has one.</summary>
    string Name { get; }

    /// <summary>Adds its own figures to a report.</summary>
    NodeReport Describe(NodeReport report);

    /// <summary>Reads the state that was kept; an empty one where there is none.</summary>
    FleetState Recall();

    /// <summary>Keeps a state over a restart.</summary>
    void Keep(FleetState state);

    /// <summary>Lists the models that it must have to work by a state.</summary>
    IEnumerable<FleetModel> FindNeeded(FleetState state);

    /// <summary>Lists the models that it is to keep for others. It works by a state without them too.</summary>
    IEnumerable<FleetModel> FindKept(FleetState state) => [];

    /// <summary>Determines whether it has the model, or made it ready.</summary>
    /// <exception cref="InputException">Another content lies in its place, or there is no place for it.</exception>
    bool Has(FleetModel model);

    /// <summary>Creates an empty folder for the files of a model.</summary>
    string CreatePlace(FleetModel model);

    /// <summary>Reads the model's files, checks them, compiles them and keeps that ready.</summary>
    /// <param name="folder">Where they were received; null where it has them.</param>
    void Stage(FleetModel model, string? folder);

    /// <summary>Does as <see cref="Stage"/> for a model that the fleet may decide for later. The node holds one such
    /// model, the latest.</summary>
    /// <param name="folder">Where its files were received; null where it has them.</param>
    void Prepare(FleetModel model, string? folder) => Stage(model, folder);

    /// <summary>Checks the files of a model that came and keeps them for others.</summary>
    /// <param name="folder">Where they were received.</param>
    void Store(FleetModel model, string folder) => Stage(model, folder);

    /// <summary>Works by a state from now on. It has what it needs.</summary>
    void Apply(FleetState state);

    /// <summary>Lets go of what was made ready and is not used.</summary>
    /// <param name="but">What is kept ready; null for nothing.</param>
    void Drop(FleetModel? but);
}
