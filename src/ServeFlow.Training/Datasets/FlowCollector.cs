using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Keeps the first packets of the flows of one capture that a label may name, as serving keeps those of undecided
/// flows: a buffer for each open flow, which goes to the store when it is full or the flow ends.
/// </summary>
sealed class FlowCollector(HeaderStore store, int depth)
{
    const int NoSlot = -1;

    readonly List<Candidate> candidates = [];
    readonly List<Buffer> buffers = [];
    readonly Stack<int> free = new();

    /// <summary>Flows of this capture that interest, in the order in which they began.</summary>
    public IReadOnlyList<Candidate> Candidates => candidates;

    /// <summary>Flows that no label can name.</summary>
    public long Unlabelled { get; private set; }

    /// <summary>Decides what is kept of a flow that begins.</summary>
    public void Begin(ref Flow flow, ICaptureLabels labels)
    {
        flow.Slot = NoSlot;
        flow.Tag = 0;
        var interest = labels.Begin(flow, candidates.Count);
        if (interest == Interest.None)
        {
            Unlabelled++;
            return;
        }

        candidates.Add(new() { FirstNs = flow.FirstNs });
        // 0 is a flow without a candidate.
        flow.Tag = (ulong)candidates.Count;
        if (interest == Interest.Keep)
        {
            flow.Slot = Take(candidates.Count - 1, flow.FirstNs);
        }
    }

    /// <summary>Keeps a packet of a flow that still has a buffer.</summary>
    public void Add(ref Flow flow, in PacketSlot packet, in PacketHeaders headers, bool forward)
    {
        var buffer = buffers[flow.Slot];
        HeaderRecorder.Record(packet, headers, forward, flow.FirstNs, buffer.PreviousNs,
            out buffer.Records[buffer.Count++]);
        buffer.PreviousNs = packet.TimestampNs;
        if (flow.IsClosed)
        {
            // Serving answers a connection when it closes; the table's linger after it is no waiting.
            candidates[buffer.Candidate].EndNs = packet.TimestampNs;
        }

        if (buffer.Count == depth || flow.IsClosed)
        {
            Release(ref flow);
        }
    }

    public void End(ref Flow flow, long nowNs)
    {
        if (flow.Tag == 0)
        {
            return;
        }

        var candidate = candidates[(int)flow.Tag - 1];
        candidate.EndNs = candidate.EndNs == 0 ? nowNs : candidate.EndNs;
        if (flow.Slot != NoSlot)
        {
            Release(ref flow);
        }
    }

    /// <summary>Forgets the capture; the buffers stay for the next.</summary>
    public void Clear()
    {
        candidates.Clear();
        Unlabelled = 0;
    }

    int Take(int candidate, long firstNs)
    {
        if (!free.TryPop(out var slot))
        {
            slot = buffers.Count;
            buffers.Add(new(depth));
        }

        var buffer = buffers[slot];
        (buffer.Candidate, buffer.Count, buffer.PreviousNs) = (candidate, 0, firstNs);
        return slot;
    }

    void Release(ref Flow flow)
    {
        var buffer = buffers[flow.Slot];
        var candidate = candidates[buffer.Candidate];
        candidate.FirstRecord = store.Add(buffer.Records.AsSpan(0, buffer.Count));
        candidate.KeptPackets = buffer.Count;
        free.Push(flow.Slot);
        flow.Slot = NoSlot;
    }

    sealed class Buffer(int depth)
    {
        public readonly HeaderRecord[] Records = new HeaderRecord[depth];
        public int Candidate;
        public int Count;
        public long PreviousNs;
    }
}

/// <summary>Tells the collector of ended flows.</summary>
readonly struct CollectorListener(FlowCollector collector) : IFlowListener
{
    public void Ended(int index, ref Flow flow, EndReason reason, long nowNs) => collector.End(ref flow, nowNs);
}
