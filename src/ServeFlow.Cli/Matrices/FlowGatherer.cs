using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Telemetry;

namespace ServeFlow.Cli.Matrices;

/// <summary>
/// Gathers the headers of the first packets of each flow of one capture, or of each window of it, and hands them on when
/// they are as many as wanted or its time is over. Memory grows with the flows that are open.
/// </summary>
sealed class FlowGatherer
{
    const int Unwanted = -1;

    readonly int depth;
    readonly FlowWindows windows;
    readonly IFlowReceiver receiver;
    readonly FlowTable<Listener> table;
    readonly List<Gathered> slots = [];
    readonly Stack<int> free = new();

    public FlowGatherer(int depth, FlowWindows windows, IFlowReceiver receiver)
    {
        this.depth = depth;
        this.windows = windows;
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
            flow.PendingSlot = receiver.Begin(ref flow) ? RentSlot(flow) : Unwanted;
        }

        if (flow.PendingSlot != Unwanted)
        {
            Keep(flow, packet, headers, forward);
        }
    }

    /// <summary>The capture has ended, and with it every flow.</summary>
    public void End() => table.EndAll(EndReason.ForcedEnd);

    void Keep(in Flow flow, in PacketSlot packet, in PacketHeaders headers, bool forward)
    {
        var gathered = slots[flow.PendingSlot];
        var window = windows.NumberOf(flow.FirstNs, flow.LastNs);
        if (window != gathered.Unit.Window)
        {
            Deliver(flow, gathered);
            gathered.Begin(window, flow.LastNs);
        }

        if (gathered.Count == depth)
        {
            return;
        }

        HeaderRecorder.Record(packet, headers, forward, gathered.Unit.FirstNs, gathered.PreviousNs,
            out gathered.Records[gathered.Count++]);
        gathered.PreviousNs = packet.TimestampNs;
        if (gathered.Count == depth)
        {
            Deliver(flow, gathered);
        }
    }

    int RentSlot(in Flow flow)
    {
        if (!free.TryPop(out var slot))
        {
            slot = slots.Count;
            slots.Add(new(depth));
        }

        slots[slot].Begin(0, flow.FirstNs);
        return slot;
    }

    /// <summary>Once for each unit: when it is complete, or else when its time is over.</summary>
    void Deliver(in Flow flow, Gathered gathered)
    {
        if (!gathered.IsDelivered)
        {
            receiver.Receive(flow, gathered.Unit, gathered.Records.AsSpan(0, gathered.Count));
            gathered.IsDelivered = true;
        }
    }

    sealed class Gathered(int depth)
    {
        public readonly HeaderRecord[] Records = new HeaderRecord[depth];
        public GatheredUnit Unit;
        public int Count;
        public long PreviousNs;
        public bool IsDelivered;

        public void Begin(long window, long firstNs)
        {
            Unit = new(window, firstNs);
            (Count, PreviousNs, IsDelivered) = (0, firstNs, false);
        }
    }

    readonly struct Listener(FlowGatherer gatherer) : IFlowListener
    {
        public void Ended(int index, ref Flow flow, EndReason reason, long nowNs)
        {
            if (flow.PendingSlot != Unwanted)
            {
                gatherer.Deliver(flow, gatherer.slots[flow.PendingSlot]);
                gatherer.free.Push(flow.PendingSlot);
            }
        }
    }
}
