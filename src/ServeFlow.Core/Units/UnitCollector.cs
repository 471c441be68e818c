using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;

namespace ServeFlow.Units;

/// <summary>
/// Tracks the flows of captures, one capture after the other, and collects the first packets of each unit as a worker
/// of the same depth, wait limit and windows would keep them of an undecided one. Where a worker closes a unit by a
/// deadline, this closes it when the flow's next packet or its end shows that the limit has passed: the packets are the
/// same. <c>Received = Tracked + Ignored.Total + Untracked.Total</c> at every moment. Holds a buffer for each open unit
/// that is not complete, which grows with its packets.
/// </summary>
public sealed class UnitCollector
{
    const int Unwanted = -1;

    /// <summary>Specifies the room that a unit begins with, in packets; most have no more.</summary>
    const int FirstRoom = 16;

    readonly CollectionRule rule;
    readonly IUnitReceiver receiver;
    readonly FlowTable<FlowEnds> flows;
    readonly List<OpenFlow> slots = [];
    readonly Stack<int> freeSlots = new();
    readonly Stack<HeaderRecord[]> freeBuffers = new();
    readonly PacketBurst burst = new();
    long fromNs = long.MaxValue;
    long toNs = long.MinValue;

    public UnitCollector(CollectionRule rule, FlowOptions options, IUnitReceiver receiver)
    {
        this.rule = rule;
        this.receiver = receiver;
        flows = new(options, new(this));
    }

    /// <summary>Gets the number of packets taken so far, of all captures.</summary>
    public long Received { get; private set; }

    /// <summary>Gets the number of packets that were counted into a flow.</summary>
    public long Tracked => flows.Tracked;

    /// <summary>Gets the packets that could not be decoded, by reason.</summary>
    public Tally<IgnoreReason> Ignored { get; } = new();

    /// <summary>Gets the packets that were decoded and belong to no flow, by reason.</summary>
    public Tally<UntrackedReason> Untracked => flows.Untracked;

    /// <summary>Gets the number of flows so far, of all captures.</summary>
    public long Created => flows.Created;

    /// <summary>Gets what was odd about packets that were decoded all the same.</summary>
    public OddityTally Oddities { get; } = new();

    /// <summary>Reports what has been read so far.</summary>
    public TrafficReport Traffic =>
        new(Received, Tracked, Created, Ignored, Untracked, new(Oddities, flows.Events, Untracked));

    /// <summary>Reads a capture to its end, and ends its flows with it.</summary>
    /// <param name="meter">Told how far it has been read; null for nobody.</param>
    /// <returns>What became of it; one that a search found may not have been opened.</returns>
    /// <exception cref="InputException">The user named it, and it cannot be opened.</exception>
    /// <exception cref="OperationCanceledException">Asked for by <paramref name="cancel"/>.</exception>
    public CaptureOutcome Read(CapturePath capture, ReadMeter? meter, CancellationToken cancel)
    {
        using var source = new CaptureSequence([capture], meter);
        Run(source, cancel);
        var outcome = capture.IsFound ? source.Latest : source.Latest.ThrowIfNotOpened();
        Finish();
        return outcome;
    }

    /// <summary>
    /// Reads captures as one link's, in the order of time: flows go on from one to the next, and captures that overlap
    /// are merged. The flows end with the last.
    /// </summary>
    /// <param name="begin">Told the name of each capture before its first packet.</param>
    /// <returns>What became of each.</returns>
    /// <inheritdoc cref="Read"/>
    public IReadOnlyList<CaptureOutcome> ReadJoined(IReadOnlyList<CapturePath> captures, Action<string> begin,
        ReadMeter? meter, CancellationToken cancel)
    {
        using var source = new CaptureSequence(captures, meter);
        source.OnCapture(begin);
        Run(source, cancel);
        Finish();
        return captures is [{ IsFound: false }] ? [source.Latest.ThrowIfNotOpened()] : source.Outcomes;
    }

    /// <summary>Takes packets until the source ends; flows stay open.</summary>
    /// <exception cref="OperationCanceledException">Asked for by <paramref name="cancel"/>.</exception>
    public void Run(IPacketSource source, CancellationToken cancel)
    {
        while (source.Poll(burst))
        {
            cancel.ThrowIfCancellationRequested();
            Take(burst);
        }
    }

    /// <summary>Takes the packets that a source has just handed over.</summary>
    public void Take(PacketBurst packets)
    {
        flows.Events.Count(FlowEvent.ClockOutlier, packets.Outliers);
        flows.Events.Count(FlowEvent.ClockStep, packets.Steps);
        if (packets.BeginsEpoch)
        {
            EndAll();
        }

        foreach (ref readonly var packet in packets.Packets)
        {
            Take(packet);
        }
    }

    /// <summary>Ends every open flow at the end of a capture; the next may be of any time.</summary>
    public void Finish()
    {
        EndAll();
        receiver.Finish(fromNs, toNs);
        (fromNs, toNs) = (long.MaxValue, long.MinValue);
    }

    void EndAll()
    {
        flows.EndAll(EndReason.ForcedEnd);
        flows.Reset();
    }

    void Take(in PacketSlot packet)
    {
        Received++;
        fromNs = Math.Min(fromNs, packet.TimestampNs);
        toNs = Math.Max(toNs, packet.TimestampNs);
        if (!PacketDecoder.TryDecode(packet, out var headers, Ignored))
        {
            return;
        }

        Oddities.Count(headers.Oddities);
        var index = flows.Track(packet, headers, out var forward, out var isNew);
        if (index < 0)
        {
            return; // the table has counted why
        }

        ref var flow = ref flows[index];
        if (isNew)
        {
            flow.PendingSlot = receiver.Begin(ref flow, packet) ? Open(flow) : Unwanted;
        }

        if (flow.PendingSlot != Unwanted)
        {
            Collect(flow, packet, headers, forward);
        }
    }

    void Collect(in Flow flow, in PacketSlot packet, in PacketHeaders headers, bool forward)
    {
        var open = slots[flow.PendingSlot];
        if (rule.EntersWindow(flow, flows.PreviousNs))
        {
            Complete(flow, open);
            Begin(open, flow);
        }
        else if (flow.LastNs > rule.LimitNs(flow.FirstNs, open.Unit.FirstNs))
        {
            Complete(flow, open);
        }

        if (flow.IsClosed)
        {
            open.ClosedNs ??= packet.TimestampNs;
        }

        if (rule.Takes(open.Unit))
        {
            Keep(open, flow, packet, headers, forward);
        }
    }

    void Keep(OpenFlow open, in Flow flow, in PacketSlot packet, in PacketHeaders headers, bool forward)
    {
        if (open.Unit.Packets == open.Records.Length)
        {
            Array.Resize(ref open.Records, Math.Min(rule.Depth, 2 * open.Records.Length));
        }

        var isLast = CollectionRule.Keep(ref open.Unit, flow, packet, headers, forward,
            out open.Records[open.Unit.Packets]);
        if (isLast || !rule.Takes(open.Unit))
        {
            Complete(flow, open);
        }
    }

    int Open(in Flow flow)
    {
        if (!freeSlots.TryPop(out var slot))
        {
            slot = slots.Count;
            slots.Add(new());
        }

        slots[slot].ClosedNs = null;
        Begin(slots[slot], flow);
        return slot;
    }

    void Begin(OpenFlow open, in Flow flow)
    {
        open.Unit = CollectionRule.Begin(flow);
        open.Records = freeBuffers.TryPop(out var records)
            ? records
            : new HeaderRecord[Math.Min(rule.Depth, FirstRoom)];
    }

    /// <summary>Hands a unit on, the first time that it is found complete, and gives its buffer back.</summary>
    void Complete(in Flow flow, OpenFlow open)
    {
        if (open.Unit.IsClosed)
        {
            return;
        }

        open.Unit.IsClosed = true;
        var (windows, firstNs) = (rule.Windows, open.Unit.FirstNs);
        receiver.Receive(flow,
            new(windows.NumberOf(flow.FirstNs, firstNs), firstNs, windows.EndOf(flow.FirstNs, firstNs)),
            open.Records.AsSpan(0, open.Unit.Packets));
        freeBuffers.Push(open.Records);
        open.Records = [];
    }

    void Ended(in Flow flow, long nowNs)
    {
        var endNs = nowNs;
        if (flow.PendingSlot != Unwanted)
        {
            var open = slots[flow.PendingSlot];
            Complete(flow, open);
            endNs = open.ClosedNs ?? nowNs;
            freeSlots.Push(flow.PendingSlot);
        }

        receiver.End(flow, endNs);
    }

    /// <summary>
    /// The sides of a flow are about to be exchanged: the packets of a unit that is not complete go the other way.
    /// </summary>
    void Turning(in Flow flow)
    {
        if (flow.PendingSlot == Unwanted)
        {
            return;
        }

        var open = slots[flow.PendingSlot];
        if (flows.NowNs > rule.LimitNs(flow.FirstNs, open.Unit.FirstNs))
        {
            Complete(flow, open);
        }

        if (!open.Unit.IsClosed)
        {
            HeaderRecord.Turn(open.Records.AsSpan(0, open.Unit.Packets));
        }
    }

    /// <summary>Represents a flow whose packets are kept.</summary>
    sealed class OpenFlow
    {
        public UnitState Unit;

        /// <summary>Holds room for the unit's packets while it is not complete.</summary>
        public HeaderRecord[] Records = [];

        /// <summary>Holds the time of the packet that closed the connection; null while it is open.</summary>
        public long? ClosedNs;
    }

    /// <summary>Tells the collector which flows end; a struct, so that the table's call is direct.</summary>
    readonly struct FlowEnds(UnitCollector collector) : IFlowListener
    {
        public void Ended(int index, ref Flow flow, EndReason reason, long nowNs) => collector.Ended(flow, nowNs);

        public void Turning(int index, ref Flow flow) => collector.Turning(flow);
    }
}
