using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Training.Datasets;

/// <summary>
/// Keeps the first packets of the flows of one capture that a label may name, or of each of their windows, as serving
/// keeps those of undecided flows: a buffer for each, which goes to the store when it is full or its time is over.
/// </summary>
sealed class FlowCollector(HeaderStore store, int depth, FlowWindows windows)
{
    const int NoSlot = -1;

    readonly List<CandidateFlow> candidates = [];
    readonly List<Buffer> buffers = [];
    readonly Stack<int> free = new();

    /// <summary>Flows of this capture that interest, in the order in which they began.</summary>
    public IReadOnlyList<CandidateFlow> Candidates => candidates;

    /// <summary>Flows that no label can name.</summary>
    public long Unlabelled { get; private set; }

    /// <summary>Decides what is kept of a flow that begins.</summary>
    public void Begin(ref Flow flow, ICaptureLabels labels)
    {
        flow.PendingSlot = NoSlot;
        flow.Tag = 0;
        var interest = labels.Begin(flow, candidates.Count);
        if (interest == LabelInterest.None)
        {
            Unlabelled++;
            return;
        }

        candidates.Add(new() { FirstNs = flow.FirstNs, IsKept = interest == LabelInterest.Keep });
        // 0 is a flow without a candidate.
        flow.Tag = (ulong)candidates.Count;
    }

    /// <summary>Keeps a packet that is among the first of a flow, or of one of its windows.</summary>
    public void Add(ref Flow flow, in PacketSlot packet, in PacketHeaders headers, bool forward)
    {
        if (flow.Tag == 0 || candidates[(int)flow.Tag - 1] is not { IsKept: true } candidate)
        {
            return;
        }

        var window = windows.NumberOf(flow.FirstNs, flow.LastNs);
        if (candidate.Units is [] || candidate.Units[^1].Window != window)
        {
            Release(ref flow);
            candidate.Units.Add(new(window, flow.LastNs, windows.EndOf(flow.FirstNs, flow.LastNs), -1, 0));
            flow.PendingSlot = RentBuffer(candidate, flow.LastNs);
        }

        if (flow.IsClosed && candidate.EndNs == 0)
        {
            // Serving answers a connection when it closes; the table's linger after it is no waiting.
            candidate.EndNs = packet.TimestampNs;
        }

        if (flow.PendingSlot != NoSlot)
        {
            Keep(ref flow, packet, headers, forward);
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
        Release(ref flow);
    }

    /// <summary>Forgets the capture; the buffers stay for the next.</summary>
    public void Clear()
    {
        candidates.Clear();
        Unlabelled = 0;
    }

    void Keep(ref Flow flow, in PacketSlot packet, in PacketHeaders headers, bool forward)
    {
        var buffer = buffers[flow.PendingSlot];
        HeaderRecorder.Record(packet, headers, forward, buffer.FirstNs, buffer.PreviousNs,
            out buffer.Records[buffer.Count++]);
        buffer.PreviousNs = packet.TimestampNs;
        if (buffer.Count == depth || flow.IsClosed)
        {
            Release(ref flow);
        }
    }

    int RentBuffer(CandidateFlow candidate, long firstNs)
    {
        if (!free.TryPop(out var slot))
        {
            slot = buffers.Count;
            buffers.Add(new(depth));
        }

        var buffer = buffers[slot];
        (buffer.Candidate, buffer.Count, buffer.FirstNs, buffer.PreviousNs) = (candidate, 0, firstNs, firstNs);
        return slot;
    }

    /// <summary>What the flow's buffer holds, if it has one, goes to its latest unit.</summary>
    void Release(ref Flow flow)
    {
        if (flow.PendingSlot == NoSlot)
        {
            return;
        }

        var buffer = buffers[flow.PendingSlot];
        var units = buffer.Candidate!.Units;
        units[^1] = units[^1] with
        {
            FirstRecord = store.Add(buffer.Records.AsSpan(0, buffer.Count)),
            KeptPackets = buffer.Count,
        };
        buffer.Candidate = null;
        free.Push(flow.PendingSlot);
        flow.PendingSlot = NoSlot;
    }

    sealed class Buffer(int depth)
    {
        public readonly HeaderRecord[] Records = new HeaderRecord[depth];
        public CandidateFlow? Candidate;
        public int Count;
        public long FirstNs;
        public long PreviousNs;
    }
}

/// <summary>Tells the collector of ended flows.</summary>
readonly struct CollectorListener(FlowCollector collector) : IFlowListener
{
    public void Ended(int index, ref Flow flow, EndReason reason, long nowNs) => collector.End(ref flow, nowNs);
}
