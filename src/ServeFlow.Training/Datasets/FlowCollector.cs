using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Units;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Keeps the flows of one capture that a label may name as candidates, and the packets of their units in a store.
/// </summary>
sealed class FlowCollector(HeaderStore store) : IUnitReceiver
{
    readonly List<CandidateFlow> candidates = [];
    readonly HashSet<int> places = [];
    ICaptureLabels? labels;

    /// <summary>Gets or sets the place of the capture that flows begin in.</summary>
    public int Place { get; set; }

    /// <summary>Gets the number of captures in which flows have begun.</summary>
    public int PlacesWithFlows => places.Count;

    /// <summary>Gets the flows of this capture that interest, in the order in which they began.</summary>
    public IReadOnlyList<CandidateFlow> Candidates => candidates;

    /// <summary>Gets the number of flows that no label can name.</summary>
    public long Unlabelled { get; private set; }

    /// <summary>Forgets the capture before and takes the next one's flows.</summary>
    public void BeginCapture(ICaptureLabels captureLabels)
    {
        labels = captureLabels;
        candidates.Clear();
        Unlabelled = 0;
    }

    public bool Begin(ref Flow flow, in PacketSlot first)
    {
        places.Add(Place);
        var interest = labels!.Begin(flow, first.TimestampNs, candidates.Count);
        if (interest == LabelInterest.None)
        {
            Unlabelled++;
            return false;
        }

        candidates.Add(new()
        {
            FirstNs = flow.FirstNs,
            Place = Place,
            Key = flow.Key,
            SourceIsLow = flow.ForwardIsLow,
        });
        // 0, as of a new flow, is a flow without a candidate.
        flow.Tag = (ulong)candidates.Count;
        return interest == LabelInterest.Keep;
    }

    public void Receive(in Flow flow, in FlowUnit unit, ReadOnlySpan<HeaderRecord> packets)
    {
        var candidate = candidates[(int)flow.Tag - 1];
        candidate.SourceIsLow = flow.ForwardIsLow;
        candidate.Units.Add(new(unit, store.Add(packets), packets.Length));
    }

    public void End(in Flow flow, long endNs)
    {
        if (flow.Tag != 0)
        {
            candidates[(int)flow.Tag - 1].EndNs = endNs;
        }
    }

    public void Finish(long fromNs, long toNs) => labels!.Resolve(candidates);
}
