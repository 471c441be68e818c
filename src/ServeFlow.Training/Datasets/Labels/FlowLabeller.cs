using ServeFlow.Flows;
using ServeFlow.Packets.Captures;

namespace ServeFlow.Training.Datasets.Labels;

/// <summary>
/// Labels from a CSV for whoever reads captures flow by flow and keeps no data set. For each capture in turn:
/// <see cref="BeginCapture"/>, <see cref="Begin"/> for each of its flows, <see cref="EndCapture"/>.
/// </summary>
public sealed class FlowLabeller
{
    readonly LabelIndex labelIndex;
    readonly string path;
    readonly List<CandidateFlow> candidates = [];
    RowLabels current;

    FlowLabeller(LabelIndex index, string path) =>
        (labelIndex, this.path, current) = (index, path, index.ForCapture(0));

    /// <summary>Gets what has become of the rows so far.</summary>
    internal RowReport Report => new(labelIndex, path, []);

    /// <summary>Gets the number of flows that rows name with different labels, and that therefore have none.</summary>
    public int Conflicts { get; private set; }

    /// <param name="path">What is read: the directory that the <c>pcap</c> column is relative to, or a capture.</param>
    /// <exception cref="InputException">The labels cannot be read.</exception>
    /// <param name="shift">What is added to the times of the labels.</param>
    /// <param name="areJoined">Whether the captures are read as one.</param>
    public static FlowLabeller Read(string labels, string path, IReadOnlyList<CapturePath> captures,
        TimeSpan shift = default, bool areJoined = false) =>
        new(new(LabelFile.Read(labels).Shift(shift), labels, path, captures, areJoined), labels);

    /// <param name="place">The capture's place among those given.</param>
    public void BeginCapture(int place)
    {
        candidates.Clear();
        current = labelIndex.ForCapture(place);
    }

    /// <summary>A flow begins. Returns its number among the flows that may get a label, −1 where none can be
    /// its.</summary>
    /// <param name="firstNs">Capture time of its first packet, which the flow table may have corrected.</param>
    public int Begin(in Flow flow, long firstNs)
    {
        if (current.Begin(flow, firstNs, candidates.Count) == LabelInterest.None)
        {
            return -1;
        }

        candidates.Add(new() { FirstNs = flow.FirstNs });
        return candidates.Count - 1;
    }

    /// <summary>Returns the labels of the capture's flows, by the number that <see cref="Begin"/> gave; null for
    /// none.</summary>
    public IReadOnlyList<string?> EndCapture()
    {
        current.Resolve(candidates);
        Conflicts += candidates.Count(candidate => candidate.HasConflict);
        return candidates.ConvertAll(candidate => candidate.HasConflict ? null : candidate.Label);
    }
}
