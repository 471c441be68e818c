using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Telemetry;

namespace ServeFlow.Cli.Matrices;

/// <summary>
/// Gathers the headers of the first packets of each flow of one capture and hands them on when they are as many as
/// wanted or the flow has ended. Memory grows with the flows that are open and incomplete.
/// </summary>
sealed class FlowGatherer
{
    const int NoSlot = -1;

    readonly int depth;
    readonly IFlowReceiver receiver;
    readonly FlowTable<Listener> table;
    readonly List<Gathered> slots = [];
    readonly Stack<int> free = new();

    public FlowGatherer(int depth, IFlowReceiver receiver)
    {
        this.depth = depth;
        this.receiver = receiver;
        // The seed decides in no way which flows there are; a fixed one makes two runs alike in every detail.
        table = new(new FlowOptions { HashSeed = 1 }, new(this));
    }

    /// <summary>Packets that belong to no flow.</summary>
    public Tally<UntrackedReason> Untracked => table.Untracked;

    public void Add(in PacketSlot packet, in PacketHeaders headers)
    {
        var index = table.Track(packet, headers, out var forward, out var isNew);
        if (index < 0)
        {
            return;
        }

        ref var flow = ref table[index];
        if (isNew)
        {
            flow.Slot = receiver.Begin(ref flow) ? Take(packet.TimestampNs) : NoSlot;
        }

        if (flow.Slot != NoSlot)
        {
            Keep(ref flow, packet, headers, forward);
        }
    }

    /// <summary>The capture has ended, and with it every flow.</summary>
    public void End() => table.EndAll(EndReason.ForcedEnd);

    void Keep(ref Flow flow, in PacketSlot packet, in PacketHeaders headers, bool forward)
    {
        var gathered = slots[flow.Slot];
        HeaderRecorder.Record(packet, headers, forward, flow.FirstNs, gathered.PreviousNs,
            out gathered.Records[gathered.Count++]);
        gathered.PreviousNs = packet.TimestampNs;
        if (gathered.Count == depth)
        {
            HandOn(ref flow);
        }
    }

    int Take(long firstNs)
    {
        if (!free.TryPop(out var slot))
        {
            slot = slots.Count;
            slots.Add(new(depth));
        }

        (slots[slot].Count, slots[slot].PreviousNs) = (0, firstNs);
        return slot;
    }

    void HandOn(ref Flow flow)
    {
        var gathered = slots[flow.Slot];
        receiver.Receive(flow, gathered.Records.AsSpan(0, gathered.Count));
        free.Push(flow.Slot);
        flow.Slot = NoSlot;
    }

    sealed class Gathered(int depth)
    {
        public readonly HeaderRecord[] Records = new HeaderRecord[depth];
        public int Count;
        public long PreviousNs;
    }

    readonly struct Listener(FlowGatherer gatherer) : IFlowListener
    {
        public void Ended(int index, ref Flow flow, EndReason reason, long nowNs)
        {
            if (flow.Slot != NoSlot)
            {
                gatherer.HandOn(ref flow);
            }
        }
    }
}
