namespace ServeFlow.Cluster.Messages;

/// <summary>Asks for the scores of a batch.</summary>
[GenerateSerializer]
[Immutable]
[Alias("serveflow.request")]
sealed class TierRequest
{
    /// <summary>Gets the tier's name, for messages.</summary>
    [Id(0)]
    public string Tier { get; init; } = "";

    /// <summary>Gets the number of flows.</summary>
    [Id(1)]
    public int Flows { get; init; }

    /// <summary>Gets the flows, as <see cref="PackedBatch"/> writes them.</summary>
    [Id(2)]
    public byte[] Rows { get; init; } = [];

    /// <summary>Gets the time that was left for an answer when it was sent. A time of the day would need clocks that
    /// agree.</summary>
    [Id(3)]
    public TimeSpan Left { get; init; }
}
