namespace ServeFlow.Cluster.Messages;

/// <summary>Names what a worker did with a batch.</summary>
[GenerateSerializer]
[Alias("serveflow.status")]
enum TierStatus
{
    /// <summary>It was scored.</summary>
    Answered,

    /// <summary>Its time was over before its turn came, and it was not scored.</summary>
    Late,

    /// <summary>As many batches as may wait were waiting: another worker may have room.</summary>
    Busy,

    /// <summary>The worker does not have the tier: another one may.</summary>
    Unknown,

    /// <summary>It is no batch of the tier.</summary>
    Malformed,

    /// <summary>The model failed.</summary>
    Failed,
}

/// <summary>Holds a worker's answer to a batch.</summary>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.answer")]
sealed class TierAnswer
{
    [Id(0)]
    public TierStatus Status { get; init; }

    /// <summary>Gets why there are no scores; empty where there are.</summary>
    [Id(1)]
    public string Problem { get; init; } = "";

    /// <summary>Gets [flows × classes] probabilities as little-endian floats, row-major.</summary>
    [Id(2)]
    public byte[] Probabilities { get; init; } = [];
}
