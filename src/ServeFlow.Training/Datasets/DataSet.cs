using ServeFlow.Features;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Labelled flows with the headers of their first packets, as the flow table delivered them.
/// Packed: 192 bytes a packet, so about 1.9 KB a flow at ten packets. Immutable.
/// </summary>
public sealed class DataSet
{
    public required FeatureSchema Schema { get; init; }

    /// <summary>The most packets that are kept of a flow.</summary>
    public required int Depth { get; init; }

    /// <summary>Class names, sorted ordinally; a flow's label is a place in it.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    public required IReadOnlyList<Capture> Captures { get; init; }

    public required IReadOnlyList<LabelledFlow> Flows { get; init; }

    /// <summary>All flows' header records, one after the other in chunks.</summary>
    public required HeaderStore Headers { get; init; }

    /// <summary>SHA-256 over the captures' hashes and the labels, hexadecimal: what a bundle remembers.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>The kept packets of a flow: at most <see cref="Depth"/>, fewer where the flow had fewer.</summary>
    public ReadOnlySpan<HeaderRecord> Packets(int flow) =>
        Headers.Packets(Flows[flow].FirstRecord, Flows[flow].KeptPackets);
}

/// <summary>A capture file of a data set.</summary>
/// <param name="Path">Relative to the directory that was read, with '/'.</param>
/// <param name="Sha256">Of the file's bytes, hexadecimal.</param>
public sealed record Capture(string Path, string Sha256);

/// <summary>One labelled flow.</summary>
/// <param name="Label">Place in <see cref="DataSet.Labels"/>.</param>
/// <param name="Capture">Place in <see cref="DataSet.Captures"/>.</param>
/// <param name="FirstNs">Capture time of its first packet.</param>
/// <param name="EndNs">Packet time at which the flow table ended it: the moment after which no packet comes.</param>
/// <param name="FirstRecord">Place of its first header record.</param>
/// <param name="KeptPackets">How many of its packets were kept.</param>
public readonly record struct LabelledFlow(int Label, int Capture, long FirstNs, long EndNs, long FirstRecord,
    int KeptPackets);
