using ServeFlow.Packets;
using ServeFlow.Telemetry;

namespace ServeFlow.Flows;

/// <summary>
/// All flows that one worker tracks, by the rules of docs/flows.md. Time is what packets say, and never moves back;
/// nothing reads a clock. <c>Created = Active + Ended.Total</c> at every moment, and every packet given to
/// <see cref="Track(in PacketSlot, in PacketHeaders, out bool, out bool)"/> is in <see cref="Tracked"/> or
/// <see cref="Untracked"/>. Allocates only while it grows beyond what it ever held.
/// </summary>
public sealed partial class FlowTable<TListener> where TListener : struct, IFlowListener
{
    readonly long tcpIdleNs;
    readonly long udpIdleNs;
    readonly long activeNs;
    readonly long lingerNs;
    readonly bool vlanInKey;
    readonly int maxFlows;
    readonly FlowHash hasher;
    readonly FlowIndex index = new();
    readonly FlowSlab flows;
    readonly TimerWheel timers = new();
    TListener listener;
    long nowNs;

    public FlowTable(FlowOptions options, TListener listener)
    {
        tcpIdleNs = Nanoseconds(options.TcpIdleTimeout);
        udpIdleNs = Nanoseconds(options.UdpIdleTimeout);
        activeNs = Nanoseconds(options.ActiveTimeout);
        lingerNs = Nanoseconds(options.TcpCloseLinger);
        vlanInKey = options.VlanInKey;
        maxFlows = options.MaxFlows;
        hasher = new(options.HashSeed);
        flows = new(options.MaxFlows);
        this.listener = listener;
    }

    public long Created { get; private set; }

    public int Active => index.Count;

    public Tally<EndReason> Ended { get; } = new();

    /// <summary>Packets that were counted into a flow.</summary>
    public long Tracked { get; private set; }

    /// <summary>Packets that belong to no flow.</summary>
    public Tally<UntrackedReason> Untracked { get; } = new();

    public Tally<FlowEvent> Events { get; } = new();

    /// <summary>The latest packet time seen, ns since the Unix epoch.</summary>
    public long NowNs => nowNs;

    /// <summary>Memory that the table holds.</summary>
    public long TableBytes => flows.Bytes + index.Bytes + timers.Bytes + oldest.Bytes;

    /// <summary>The most that <see cref="TableBytes"/> can come to.</summary>
    public long LimitBytes => FlowSlab.BytesFor(maxFlows) + FlowIndex.BytesFor(maxFlows)
        + TimerWheel.BytesFor(FlowSlab.Room(maxFlows)) + ((long)maxFlows * AgeOrder.EntryBytes);

    /// <summary>The listener that was given, as its own copy.</summary>
    public ref TListener Listener => ref listener;

    /// <summary>The flow at an index that <c>Track</c> or the listener gave; valid until the flow ends.</summary>
    public ref Flow this[int flow] => ref flows[flow];

    /// <summary>The key of a packet under this table's rules, and whether its sender is the key's low side.</summary>
    public FlowKey KeyOf(in PacketHeaders headers, out bool senderIsLow) =>
        FlowKey.Of(headers, vlanInKey, out senderIsLow);

    /// <summary>The table's hash of a key.</summary>
    public ulong Hash(in FlowKey key) => hasher.Of(key);

    /// <summary>
    /// Moves time to the packet's, ends what is due, then counts the packet into its flow, which is created where
    /// none is open. Returns the flow's index, or −1 where the packet belongs to none (counted).
    /// </summary>
    /// <param name="forward">Whether the packet goes the way of the flow's first packet.</param>
    /// <param name="isNew">Whether the packet began the flow.</param>
    public int Track(in PacketSlot packet, in PacketHeaders headers, out bool forward, out bool isNew)
    {
        var key = KeyOf(headers, out var senderIsLow);
        return Track(packet, headers, key, senderIsLow, Hash(key), out forward, out isNew);
    }

    /// <summary>As above, with what <see cref="KeyOf"/> and <see cref="Hash"/> gave for the packet.</summary>
    public int Track(in PacketSlot packet, in PacketHeaders headers, in FlowKey key, bool senderIsLow, ulong hash,
        out bool forward, out bool isNew)
    {
        MoveTime(packet.TimestampNs);
        isNew = false;
        forward = true;
        if (!Belongs(headers))
        {
            return -1;
        }

        var flow = Find(key, hash);
        if (flow >= 0 && IsPast(flow, headers, out var reason, out var endNs))
        {
            flow = Succeed(flow, packet, headers, hash, senderIsLow, reason, endNs);
            isNew = true;
        }
        else if (flow < 0)
        {
            flow = Open(Flow.Open(key, headers, senderIsLow, nowNs, packet.InterfaceIndex), headers, hash);
            isNew = true;
        }

        forward = flows[flow].ForwardIsLow == senderIsLow;
        Count(flow, packet, headers, forward);
        return flow;
    }
}
