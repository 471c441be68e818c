using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cluster;

/// <summary>Says how a sensor has its last tier computed by a cluster.</summary>
public sealed record ClusterTierOptions
{
    public required ClusterOptions Cluster { get; init; }

    /// <inheritdoc cref="IRemoteTier.Deadline"/>
    public TimeSpan Deadline { get; init; } = RemoteTierOptions.DefaultDeadline;

    /// <inheritdoc cref="IRemoteTier.Credits"/>
    public int Credits { get; init; } = RemoteTierOptions.DefaultCredits;

    /// <summary>Gets how many batches the sensor's own cores score at a time before one goes to the cluster.</summary>
    public int LocalBatches { get; init; }

    /// <inheritdoc cref="RemoteModel.Waits"/>
    public bool Waits { get; init; }
}
