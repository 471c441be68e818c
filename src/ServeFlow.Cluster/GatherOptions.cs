namespace ServeFlow.Cluster;

/// <summary>Says how a worker gathers the batches of several calls to one run of a model.</summary>
public sealed record GatherOptions
{
    /// <summary>Gets the most flows that are gathered; 0 where each batch is a run of its own.</summary>
    public int Flows { get; init; }

    /// <summary>Gets the most time that a run with fewer flows waits for more of them.</summary>
    public TimeSpan Wait { get; init; }
}
