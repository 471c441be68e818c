namespace ServeFlow.Service.Fleets;

/// <summary>The fleet that a sensor belongs to, as HTTP shows and changes it. Everything may be called from any thread,
/// and waits for the cluster.</summary>
public interface IFleetControl
{
    /// <summary>Gets whether the sensor is in the fleet; waits for nobody.</summary>
    FleetStanding Standing { get; }

    /// <summary>Describes every node of the fleet, and their sums.</summary>
    /// <exception cref="InputException">No worker of the cluster answers.</exception>
    FleetDocument Describe();

    /// <summary>Gives a version of this sensor's folder to the fleet; the latest where none is named.</summary>
    /// <param name="within">Seconds that it may take.</param>
    /// <param name="by">Who asks for it, for the logs of all nodes.</param>
    /// <exception cref="InputException">It was not taken.</exception>
    FleetChangeDocument Publish(string name, int? version, double within, string by);

    /// <summary>Has a version that was published answer on every sensor, or on none.</summary>
    /// <inheritdoc cref="Publish"/>
    FleetChangeDocument Activate(string name, int? version, double within, string by);

    /// <summary>Has a version answer a share of the new flows, or all those of some sensors.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="sensors">The sensors' names; empty for all of them.</param>
    /// <inheritdoc cref="Publish"/>
    FleetChangeDocument StartCanary(string name, int? version, double share, IReadOnlyList<string> sensors,
        double within, string by);

    /// <summary>Has every sensor answer by the setting before.</summary>
    /// <inheritdoc cref="Publish"/>
    FleetChangeDocument RollBack(double within, string by);
}

/// <summary>Tells whether a sensor is in the fleet of its cluster.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Problem">Why it is not; null where it is.</param>
public sealed record FleetStanding(string Cluster, string Name, string? Problem);

/// <summary>Tells how a change of a fleet went.</summary>
/// <param name="Model">The model that it was about, as NAME@VERSION; null where there is none.</param>
/// <param name="Seconds">What it took until every node had said that it is done.</param>
/// <param name="Messages">What there is to say, by node.</param>
/// <param name="Answers">What answers from now on, in words.</param>
/// <param name="Nodes">The nodes that have done it; of a publication, the workers that keep the model.</param>
public sealed record FleetChangeDocument(string? Model, double Seconds, IReadOnlyList<string> Messages, string Answers,
    IReadOnlyList<string> Nodes);
