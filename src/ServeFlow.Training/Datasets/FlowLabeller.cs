using ServeFlow.Flows;
using ServeFlow.Packets.Captures;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Labels from a CSV for whoever reads captures flow by flow and keeps no data set. For each capture in turn:
/// <see cref="BeginCapture"/>, <see cref="Begin"/> for each of its flows, <see cref="EndCapture"/>.
/// </summary>
public sealed class FlowLabeller
{
    readonly LabelIndex labelIndex;
    readonly List<CandidateFlow> candidates = [];
    RowLabels current;

    FlowLabeller(LabelIndex book) => (this.labelIndex, current) = (book, book.ForCapture(0));

    /// <summary>Label rows of captures that are read, or of any.</summary>
    public int Rows => labelIndex.Rows.Count;

    /// <summary>Gets how many of these rows have found their flow so far.</summary>
    public int MatchedRows => labelIndex.Rows.Count(row => row.IsMatched);

    /// <summary>Rows of captures that are not read.</summary>
    public int RowsElsewhere => labelIndex.UnreadRows.Count;

    /// <summary>Flows that rows name with different labels, and that therefore have none.</summary>
    public int Conflicts { get; private set; }

    /// <param name="path">What is read: the directory that the <c>pcap</c> column is relative to, or a capture.</param>
    /// <exception cref="InputException">The labels cannot be read.</exception>
    public static FlowLabeller Read(string labels, string path, IReadOnlyList<CapturePath> captures) =>
        new(new(LabelFile.Read(labels), labels, path, captures));

    /// <param name="place">The capture's place among those given.</param>
    public void BeginCapture(int place)
    {
        candidates.Clear();
        current = labelIndex.ForCapture(place);
    }

    /// <summary>A flow begins. Returns its number among the flows that may get a label, −1 where none can be
    /// its.</summary>
    public int Begin(in Flow flow)
    {
        if (current.Begin(flow, candidates.Count) == LabelInterest.None)
        {
            return -1;
        }

        candidates.Add(new() { FirstNs = flow.FirstNs });
        return candidates.Count - 1;
    }

    /// <summary>The labels of the capture's flows, by the number that <see cref="Begin"/> gave; null for
    /// none.</summary>
    /// <param name="fromNs">Time of the capture's first packet.</param>
    /// <param name="toNs">Time of its last.</param>
    public IReadOnlyList<string?> EndCapture(long fromNs, long toNs)
    {
        current.Resolve(candidates, fromNs, toNs);
        Conflicts += candidates.Count(candidate => candidate.HasConflict);
        return candidates.ConvertAll(candidate => candidate.HasConflict ? null : candidate.Label);
    }
}
