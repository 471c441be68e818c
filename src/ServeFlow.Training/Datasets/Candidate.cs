namespace ServeFlow.Training.Datasets;

/// <summary>A flow of the capture being read that may carry a label.</summary>
sealed class Candidate
{
    public required long FirstNs { get; init; }

    public long EndNs { get; set; }

    /// <summary>Place of its first header record; −1 while none is stored.</summary>
    public long FirstRecord { get; set; } = -1;

    public int KeptPackets { get; set; }

    /// <summary>Set when the capture has been read; null where no label is this flow's.</summary>
    public string? Label { get; set; }

    /// <summary>Line of the labels file that gave it.</summary>
    public int Line { get; set; }

    public bool HasConflict { get; set; }
}

/// <summary>What a labeller wants of a flow that begins.</summary>
enum Interest
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
    /// <param name="candidate">Its place among the candidates if there is any interest.</param>
    Interest Begin(in Flows.Flow flow, int candidate);

    /// <summary>Called once at the capture's end: sets the candidates' labels.</summary>
    /// <param name="fromNs">Time of the capture's first packet.</param>
    /// <param name="toNs">Time of its last.</param>
    void Resolve(IReadOnlyList<Candidate> candidates, long fromNs, long toNs);
}
