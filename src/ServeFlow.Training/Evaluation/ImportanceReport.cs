using System.Text.Json.Serialization;

namespace ServeFlow.Training.Evaluation;

/// <summary>Represents the weighted F1 that is lost, over repeated draws.</summary>
/// <param name="Mean">May be below 0: without what was taken away, the model was better.</param>
/// <param name="StandardDeviation">Standard deviation between draws.</param>
public readonly record struct ImportanceLoss(double Mean,
    [property: JsonPropertyName("spread")] double StandardDeviation);

/// <summary>Tells what is lost where one thing is permuted between flows at random.</summary>
/// <param name="Name">nPrint's name of a header field, such as <c>ipv4_ttl</c>; or a packet's number, from 1.</param>
/// <param name="Losses">The losses, in the order of <see cref="ImportanceReport.Systems"/>.</param>
public sealed record ImportanceRow(string Name, IReadOnlyList<ImportanceLoss> Losses);

/// <summary>
/// Reports which header fields the answers rest on: the loss of weighted F1 on held-back flows where all bits of a
/// field, over all packets, are permuted between flows that have it.
/// </summary>
public sealed record ImportanceReport
{
    /// <summary>Held-back flows that were scored.</summary>
    public required int Flows { get; init; }

    /// <summary>Draws behind each loss.</summary>
    public required int Repeats { get; init; }

    /// <summary><c>cascade</c>, then the tiers' names in their order.</summary>
    public required IReadOnlyList<string> Systems { get; init; }

    /// <summary>Gets the weighted F1 of each system on the flows as they are.</summary>
    public required IReadOnlyList<double> WeightedF1 { get; init; }

    /// <summary>Gets the fields that some tier reads, the largest loss of the cascade first.</summary>
    public required IReadOnlyList<ImportanceRow> Fields { get; init; }

    /// <summary>Gets the packets in order, all fields of one packet exchanged together.</summary>
    public required IReadOnlyList<ImportanceRow> Packets { get; init; }

    /// <summary>
    /// Every field of every packet exchanged: what is left after this loss is known from which headers and how many
    /// packets a flow has.
    /// </summary>
    public required ImportanceRow Everything { get; init; }
}
