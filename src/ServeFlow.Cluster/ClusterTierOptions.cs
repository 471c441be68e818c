using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Cluster;

/// <summary>Says how a sensor has its last tier computed by a cluster.</summary>
public sealed record ClusterTierOptions
{
    public required ClusterOptions Cluster { get; init; }

    /// <summary>Gets the name of the sensor in the cluster.</summary>
    public string Name { get; init; } = Environment.MachineName;

    /// <inheritdoc cref="IRemoteTier.Deadline"/>
    public TimeSpan Deadline { get; init; } = RemoteTierOptions.DefaultDeadline;

    /// <inheritdoc cref="IRemoteTier.Credits"/>
    public int Credits { get; init; } = RemoteTierOptions.DefaultCredits;

    /// <summary>Gets how many batches the sensor's own cores score at a time before one goes to the cluster.</summary>
    public int LocalBatches { get; init; }

    /// <summary>Determines whether a text can be the name of a sensor: it becomes part of the name of a file.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= 100 && text[0] != '.'
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    /// <inheritdoc cref="RemoteModel.Waits"/>
    public bool Waits { get; init; }
}
