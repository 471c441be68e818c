using ServeFlow.Cascade;

namespace ServeFlow.Service;

/// <summary>
/// The models of a running sensor as HTTP shows and changes them. Everything may be called from any thread. A change
/// reads, checks, compiles and warms on the caller's thread; packets wait for none of it.
/// </summary>
public interface IModelControl
{
    /// <summary>Describes the models that answer, and those that could, as an object that is written as JSON.</summary>
    object Describe();

    /// <summary>Lists the versions in the repository, and what lies there and is none.</summary>
    /// <exception cref="InputException">The repository cannot be read.</exception>
    IReadOnlyList<ModelEntry> List();

    /// <summary>Gets the plans that answer or were made ready, the main one first.</summary>
    IReadOnlyList<CascadePlan> ReadyPlans();

    /// <summary>Has new flows answered by a version; by the latest where none is given.</summary>
    /// <exception cref="InputException">It cannot be used: the earlier one answers as before.</exception>
    ModelChange Activate(string name, int? version);

    /// <summary>Has new flows answered by the model that answered before.</summary>
    /// <exception cref="InputException">There is none, or it cannot be used any more.</exception>
    ModelChange RollBack();

    /// <summary>Has a version answer a share of new flows; a flow's ends decide which.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <exception cref="InputException">It cannot be used.</exception>
    ModelChange StartCanary(string name, int? version, double share);

    /// <summary>Has the canary answer no new flow any more.</summary>
    /// <exception cref="InputException">There is none.</exception>
    ModelChange StopCanary();

    /// <summary>Has a version answer all new flows too, for comparison alone.</summary>
    /// <exception cref="InputException">It cannot be used.</exception>
    ModelChange StartShadow(string name, int? version);

    /// <summary>Has the shadow answer no more.</summary>
    /// <exception cref="InputException">There is none.</exception>
    ModelChange StopShadow();

    /// <summary>Makes the latest version ready without having it answer.</summary>
    /// <exception cref="InputException">It cannot be used.</exception>
    ModelChange Load(string name);

    /// <summary>Lets go of versions that were made ready and do not answer.</summary>
    /// <exception cref="InputException">One answers, or there is no such model.</exception>
    ModelChange Unload(string name);
}

/// <summary>Represents a version in the repository, or what stands in the place of one.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version; empty where there is none.</param>
/// <param name="State"><c>READY</c> or <c>UNAVAILABLE</c>.</param>
/// <param name="Reason">Why it is not ready; empty where it is.</param>
public sealed record ModelEntry(string Name, string Version, string State, string Reason);

/// <summary>Tells what was done.</summary>
/// <param name="Name">The model that the call was about.</param>
/// <param name="Version">Its version.</param>
/// <param name="Seconds">What the call took until every worker had changed.</param>
/// <param name="Messages">What there is to say.</param>
public sealed record ModelChange(string Name, string Version, double Seconds, IReadOnlyList<string> Messages);
