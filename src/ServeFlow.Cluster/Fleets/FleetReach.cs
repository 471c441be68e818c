namespace ServeFlow.Cluster.Fleets;

/// <summary>Says how a node reaches its fleet, and the workers that keep models.</summary>
abstract class FleetReach
{
    /// <summary>Gets the name of the cluster.</summary>
    public abstract string Cluster { get; }

    /// <summary>Gets why the workers have no fleet in common; null where they have.</summary>
    public virtual string? Split => null;

    /// <summary>Makes a call of a grain that any worker may have.</summary>
    /// <exception cref="IOException">No worker answers.</exception>
    public abstract Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> call, CancellationToken cancel);

    /// <summary>Makes calls of workers, one after the other, until one is answered by something but null.</summary>
    /// <param name="workers">The addresses of those that are there.</param>
    public abstract Task<T?> AskEachAsync<T>(IReadOnlyList<string> workers, Func<WorkerLink, Task<T?>> ask)
        where T : class;
}
