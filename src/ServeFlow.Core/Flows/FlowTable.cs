using System.Runtime.CompilerServices;
using ServeFlow.Flows.Timers;
using ServeFlow.Packets;
using ServeFlow.Telemetry;

namespace ServeFlow.Flows;

/// <summary>
/// Holds all flows that one worker tracks, by the rules of docs/flows.md. Time is what packets say, and never moves
/// back; nothing reads a clock. <c>Created = Active + Ended.Total</c> at every moment, and every packet given to
/// <see cref="Track(in PacketSlot, in PacketHeaders, out bool, out bool)"/> is in <see cref="Tracked"/> or
/// <see cref="Untracked"/>. Allocates only while it grows beyond what it ever held.
/// </summary>
public sealed partial class FlowTable<TListener> where TListener : struct, IFlowListener
{
    readonly long tcpIdleNs;
    readonly long udpIdleNs;
    readonly long shortestIdleNs;
    readonly long activeNs;
    readonly long lingerNs;
    readonly bool vlanInKey;
    readonly int maxFlows;
    readonly FlowHash hasher;
    readonly FlowIndex index;
    readonly FlowSlab flows;
    readonly TimerWheel timers;
    readonly DuplicateCache duplicates;
    readonly bool dropsDuplicates;
    TListener listener;
    long nowNs;

    public FlowTable(FlowOptions options, TListener listener)
    {
        tcpIdleNs = Nanoseconds(options.TcpIdleTimeout);
        udpIdleNs = Nanoseconds(options.UdpIdleTimeout);
        shortestIdleNs = Math.Min(tcpIdleNs, udpIdleNs);
        activeNs = Nanoseconds(options.ActiveTimeout);
        lingerNs = Nanoseconds(options.TcpCloseLinger);
        vlanInKey = options.VlanInKey;
        maxFlows = options.MaxFlows;
        dropsDuplicates = options.DropsDuplicates;
        duplicates = new(isExact: options.DropsDuplicates);
        hasher = new(options.HashSeed);
        index = new(options.MaxFlows);
        flows = new(options.MaxFlows);
        timers = new(options.MaxFlows);
        this.listener = listener;
    }

    public long Created { get; private set; }

    public int Active => index.Count;

    public Tally<EndReason> Ended { get; } = new();

    /// <summary>Gets the number of packets that were counted into a flow.</summary>
    public long Tracked { get; private set; }

    /// <summary>Gets how many packets belong to no flow, by the reason.</summary>
    public Tally<UntrackedReason> Untracked { get; } = new();

    public Tally<FlowEvent> Events { get; } = new();

    /// <summary>
    /// Gets the time of the packet before the one that was tracked last, in its flow; its own where it began the flow.
    /// </summary>
    public long PreviousNs { get; private set; }

    /// <summary>Gets the latest packet time seen, ns since the Unix epoch.</summary>
    public long NowNs => nowNs;

    /// <summary>Gets the bytes that the table holds.</summary>
    public long TableBytes => flows.Bytes + index.Bytes + TimerWheel.BytesFor(flows.Extent) + oldest.Bytes;

    /// <summary>Gets the most that <see cref="TableBytes"/> can come to.</summary>
    public long LimitBytes => FlowMemory.BytesFor(maxFlows);

    /// <summary>Gets the listener that was given, as its own copy.</summary>
    public ref TListener Listener => ref listener;

    /// <summary>Gets the flow at an index that <c>Track</c> or the listener gave; valid until the flow ends.</summary>
    public ref Flow this[int flow] => ref flows[flow];

    /// <summary>
    /// Computes the key and hash of a packet's flow before its turn, and prefetches the memory in which the flow will
    /// be looked up.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // by itself, so that the key stays in registers until it is hashed
    public void Prepare(in PacketHeaders headers, out HashedFlowKey ticket)
    {
        var key = FlowKey.FromHeaders(headers, vlanInKey, out var senderIsLow);
        var hash = hasher.Compute(key);
        index.Prefetch(hash);
        (ticket.Key, ticket.Hash, ticket.Candidate, ticket.SenderIsLow) = (key, hash, -1, senderIsLow);
    }

    /// <summary>Asks for the memory of a flow. A hint: the index may be of a flow that has ended, or be none.</summary>
    public void Prefetch(int flow) => flows.Prefetch(flow);

    /// <summary>
    /// Finds the flow that a packet most likely belongs to, and prefetches its memory. A hint: only <c>Track</c> knows.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void FindCandidate(ref HashedFlowKey ticket)
    {
        ticket.Candidate = index.FindCandidate(ticket.Hash);
        if (ticket.Candidate >= 0)
        {
            flows.Prefetch(ticket.Candidate);
        }
    }

    /// <summary>
    /// Moves time to the packet's, ends what is due, then counts the packet into its flow, which is created where
    /// none is open. Returns the flow's index, or −1 where the packet belongs to none (counted).
    /// </summary>
    /// <param name="forward">Whether the flow's forward side sent the packet.</param>
    /// <param name="isNew">Whether the packet began the flow.</param>
    public int Track(in PacketSlot packet, in PacketHeaders headers, out bool forward, out bool isNew)
    {
        Prepare(headers, out var ticket);
        return Track(packet, headers, ticket, out forward, out isNew);
    }

    /// <summary>
    /// Tracks a packet like the overload above, with the key that <see cref="Prepare"/> computed for it.
    /// </summary>
    public int Track(in PacketSlot packet, in PacketHeaders headers, in HashedFlowKey ticket, out bool forward,
        out bool isNew)
    {
        isNew = false;
        forward = true;
        if (duplicates.Contains(packet, headers) && Drops())
        {
            return -1;
        }

        AdvanceClock(packet.TimestampNs);
        if (!IsTrackable(headers))
        {
            return -1;
        }

        var flow = Find(ticket);
        if (flow < 0)
        {
            flow = Open(packet, headers, ticket);
            isNew = true;
        }
        else if (!IsCurrent(flows[flow]) && HasEnded(flow, headers, out var reason, out var endNs))
        {
            flow = OpenSuccessor(flow, packet, headers, ticket, reason, endNs);
            isNew = true;
        }

        ref var found = ref flows[flow];
        forward = found.ForwardIsLow == ticket.SenderIsLow;
        PreviousNs = found.LastNs;
        Count(flow, ref found, packet, headers, ref forward);
        return flow;
    }
}
