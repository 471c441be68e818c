using ServeFlow.Flows;
using ServeFlow.Units;

namespace ServeFlow.Training.Datasets.Labels;

/// <summary>Represents a flow of the capture being read that may carry a label.</summary>
sealed class CandidateFlow
{
    public required long FirstNs { get; init; }

    /// <summary>Gets the place, among those that are read, of the capture that the flow begins in.</summary>
    public int Place { get; init; }

    /// <summary>Gets the five-tuple, direction-blind.</summary>
    public FlowKey Key { get; init; }

    /// <summary>Gets or sets whether the source is the key's low side; a handshake may tell only later.</summary>
    public bool SourceIsLow { get; set; }

    /// <summary>
    /// Gets or sets the time after which no more can come: the flow's end, or the close of its connection; 0 while it
    /// is open.
    /// </summary>
    public long EndNs { get; set; }

    /// <summary>
    /// The flow as one unit, or its windows that have packets, in order; none where it is only counted.
    /// </summary>
    public List<CollectedUnit> Units { get; } = new(1);

    /// <summary>Set when the capture has been read; null where no label is this flow's.</summary>
    public string? Label { get; set; }

    /// <summary>Gets or sets the row of the labels file that gave the label; null where a directory did.</summary>
    public LabelRow? Row { get; set; }

    public bool HasConflict { get; set; }
}

/// <summary>Represents the first packets of a flow, or of a window of it.</summary>
/// <param name="FirstRecord">Place of its first header record.</param>
/// <param name="KeptPackets">How many of its packets are kept.</param>
readonly record struct CollectedUnit(FlowUnit Unit, long FirstRecord, int KeptPackets);

/// <summary>Tells what a labeller wants of a flow that begins.</summary>
enum LabelInterest
{
    /// <summary>No label can be its.</summary>
    None,

    /// <summary>It continues a labelled five-tuple: counted, not kept.</summary>
    Count,

    /// <summary>A label is or may become its: its first packets are kept.</summary>
    Keep,
}

/// <summary>Gives the flows of one capture their labels.</summary>
interface ICaptureLabels
{
    /// <summary>Told of each flow as it begins.</summary>
    /// <param name="firstNs">Capture time of its first packet, which the flow table may have corrected.</param>
    /// <param name="candidate">Its place among the candidates if there is any interest.</param>
    LabelInterest Begin(in Flows.Flow flow, long firstNs, int candidate);

    /// <summary>Called once at the capture's end: sets the candidates' labels.</summary>
    void Resolve(IReadOnlyList<CandidateFlow> candidates);
}
