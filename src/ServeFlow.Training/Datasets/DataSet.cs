using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Units;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Labelled flows, or windows of them, with the headers of their first packets, as serving keeps them of undecided
/// ones. Packed: 192 bytes a packet, so about 1.9 KB a flow at ten packets. Immutable.
/// </summary>
public sealed class DataSet
{
    public required FeatureSchema Schema { get; init; }

    /// <summary>Gets the most packets that are kept of a flow.</summary>
    public required int Depth { get; init; }

    /// <summary>
    /// Gets how long after a unit's first packet its packets were kept: as long as it may stay undecided.
    /// </summary>
    public TimeSpan WaitLimit { get; init; } = CollectionRule.DefaultWaitLimit;

    /// <summary>Gets the rules by which flows ended.</summary>
    public FlowOptions FlowRules { get; init; } = new();

    /// <summary>
    /// Gets the unit of <see cref="Flows"/>: whole flows, or windows. Windows of one flow stand together, its first in
    /// front.
    /// </summary>
    public FlowWindows Unit { get; init; }

    /// <summary>Gets the class names, sorted ordinally; a flow's label is a place in it.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    public required IReadOnlyList<Capture> Captures { get; init; }

    /// <summary>
    /// Gets, for each capture, the first with the same bytes; null where all differ. Captures without a hash differ.
    /// </summary>
    internal int[]? FirstCopies => FindFirstCopies(Captures);

    /// <summary>Gets the names of the groups that flows are divided by; empty where they are divided by capture.
    /// </summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Gets the column of the labels that names <see cref="Groups"/>; null where there are none.</summary>
    public string? GroupColumn { get; init; }

    /// <summary>Gets what is kept together when flows are divided, as a word.</summary>
    public string GroupWord => Groups.Count == 0 ? "capture" : "group";

    public required IReadOnlyList<LabelledFlow> Flows { get; init; }

    /// <summary>Gets all flows' header records, one after the other in chunks.</summary>
    public required HeaderStore Headers { get; init; }

    /// <summary>SHA-256 over the captures' hashes and the labels, hexadecimal: what a bundle remembers.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>Gets the kept packets of a flow: at most <see cref="Depth"/>, fewer where the flow had fewer before it
    /// closed or the wait limit passed.</summary>
    public ReadOnlySpan<HeaderRecord> Packets(int flow) =>
        Headers.Packets(Flows[flow].FirstRecord, Flows[flow].KeptPackets);

    /// <summary>Gets the same flows and headers, seen with another schema.</summary>
    public DataSet With(FeatureSchema schema) => new()
    {
        Schema = schema,
        Depth = Depth,
        WaitLimit = WaitLimit,
        FlowRules = FlowRules,
        Unit = Unit,
        Labels = Labels,
        Captures = Captures,
        Groups = Groups,
        GroupColumn = GroupColumn,
        Flows = Flows,
        Headers = Headers,
        Sha256 = Sha256,
    };

    /// <summary>
    /// Computes, for each of <see cref="Flows"/>, the first of the same flow: itself, or the flow's first window.
    /// </summary>
    public int[] FirstOfFlow()
    {
        var first = new int[Flows.Count];
        for (var unit = 0; unit < first.Length; unit++)
        {
            first[unit] = Flows[unit].Window == 0 ? unit : first[unit - 1];
        }

        return first;
    }

    /// <inheritdoc cref="FirstCopies"/>
    internal static int[]? FindFirstCopies(IReadOnlyList<Capture> captures)
    {
        var first = new Dictionary<string, int>();
        int[] found = [.. captures.Select((capture, place) =>
            capture.Sha256.Length == 0 || first.TryAdd(capture.Sha256, place) ? place : first[capture.Sha256])];
        return found.Index().All(capture => capture.Index == capture.Item) ? null : found;
    }
}

/// <summary>Represents a capture file of a data set.</summary>
/// <param name="Path">Relative to the directory that was read, with '/'.</param>
/// <param name="Sha256">The SHA-256 of the file's bytes, in hexadecimal.</param>
public sealed record Capture(string Path, string Sha256);

/// <summary>Represents one labelled flow, or a window of one.</summary>
/// <param name="Label">Place in <see cref="DataSet.Labels"/>.</param>
/// <param name="Capture">Place in <see cref="DataSet.Captures"/>.</param>
/// <param name="FirstNs">Capture time of its first packet: of a window, the first in it.</param>
/// <param name="EndNs">
/// Packet time at which the flow table ended it, or at which the window is over: the moment after which no packet
/// comes.
/// </param>
/// <param name="FirstRecord">Place of its first header record.</param>
/// <param name="KeptPackets">How many of its packets were kept.</param>
/// <param name="Window">Number of the window in its flow, from 0; 0 for a whole flow.</param>
/// <param name="Protocol">The flow's network and transport protocol; the default where it is made up.</param>
/// <param name="Group">Place in <see cref="DataSet.Groups"/>; without meaning where there are none.</param>
public readonly record struct LabelledFlow(int Label, int Capture, long FirstNs, long EndNs, long FirstRecord,
    int KeptPackets, long Window = 0, FlowProtocol Protocol = default, int Group = 0)
{
    /// <summary>Gets the five-tuple of the flow, direction-blind.</summary>
    public FlowKey Key { get; init; }

    /// <summary>Gets whether the source is the low side of <see cref="Key"/>.</summary>
    public bool SourceIsLow { get; init; }
}

/// <summary>Represents the protocols that a flow's key names.</summary>
/// <param name="IpVersion">4 or 6; 0 where it is not known.</param>
/// <param name="Transport">Protocol number of the IP header.</param>
public readonly record struct FlowProtocol(byte IpVersion, byte Transport)
{
    public bool IsKnown => IpVersion != 0;
}
