using System.Runtime.CompilerServices;
using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Units;

/// <summary>
/// Decides which packets of a unit, a flow or a window of one, a model sees: its first ones, up to a depth, until the
/// connection is over, the wait limit has passed or the window ends. Serving, training and feature matrices all ask
/// this rule, so that a model learns from what it will be shown. Times are the flow table's, which never move back.
/// </summary>
public readonly struct CollectionRule
{
    /// <summary>Specifies how long a unit may stay undecided by default.</summary>
    public static readonly TimeSpan DefaultWaitLimit = TimeSpan.FromSeconds(60);

    /// <summary>Exceeds the life of any flow; a deadline this far on does not overflow.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromDays(3650);

    readonly long waitLimitNs;

    /// <param name="depth">Packets that are kept of a unit at most, 1 to 65,535.</param>
    /// <param name="waitLimit">Time after a unit's first packet up to which, inclusive, packets are kept.</param>
    /// <param name="windows">The units: whole flows, or windows of one length.</param>
    public CollectionRule(int depth, TimeSpan waitLimit, FlowWindows windows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(depth, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(depth, ushort.MaxValue);
        Depth = depth;
        Windows = windows;
        HasWindows = !windows.IsWholeFlow;
        waitLimitNs = Math.Min(waitLimit.Ticks, LongestWait.Ticks) * TimeSpan.NanosecondsPerTick;
    }

    /// <summary>Gets the number of packets that are kept of a unit at most.</summary>
    public int Depth { get; }

    public FlowWindows Windows { get; }

    public bool HasWindows { get; }

    /// <summary>Begins a unit with the packet that the flow table has just counted, before it is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UnitState Begin(in Flow flow) => new() { FirstNs = flow.LastNs, PreviousNs = flow.LastNs };

    /// <summary>
    /// Determines whether the packet that was just counted is the first of its flow in another window.
    /// </summary>
    /// <param name="previousNs">Flow table's time of the flow's packet before it.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool EntersWindow(in Flow flow, long previousNs) => HasWindows
        && Windows.NumberOf(flow.FirstNs, previousNs) != Windows.NumberOf(flow.FirstNs, flow.LastNs);

    /// <summary>Gets the last packet time that the wait limit allows a unit: later packets are not kept.</summary>
    /// <param name="unitFirstNs">Time of the unit's first packet.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long WaitLimitNs(long unitFirstNs) => unitFirstNs + waitLimitNs;

    /// <summary>
    /// Gets the last packet time of a unit: its wait limit, or a nanosecond before its window is over.
    /// </summary>
    /// <param name="flowFirstNs">Time of the flow's first packet.</param>
    /// <param name="unitFirstNs">Time of the unit's first packet.</param>
    public long LimitNs(long flowFirstNs, long unitFirstNs) => HasWindows
        ? Math.Min(WaitLimitNs(unitFirstNs), Windows.EndOf(flowFirstNs, unitFirstNs) - 1)
        : WaitLimitNs(unitFirstNs);

    /// <summary>Determines whether a unit keeps the next packet, unless its limit passes first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Takes(in UnitState unit) => !unit.IsClosed && unit.Packets < Depth;

    /// <summary>
    /// Keeps the headers of the packet that was just counted, of a unit that <see cref="Takes"/> it. Returns whether it
    /// is the unit's last, however few there are: the connection is over, and what may still come is the other side's
    /// last acknowledgement.
    /// </summary>
    /// <param name="forward">Whether the packet goes the way of the flow's first packet.</param>
    /// <param name="record">The unit's next free place.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Keep(ref UnitState unit, in Flow flow, in PacketSlot packet, in PacketHeaders headers,
        bool forward, out HeaderRecord record)
    {
        HeaderRecorder.Record(packet, headers, forward, unit.FirstNs, unit.PreviousNs, out record);
        unit.PreviousNs = packet.TimestampNs;
        unit.Packets++;
        return flow.IsClosed;
    }

    /// <summary>Counts a packet whose headers are kept already, for another task that takes it.</summary>
    public static void Follow(ref UnitState unit, in PacketSlot packet)
    {
        unit.PreviousNs = packet.TimestampNs;
        unit.Packets++;
    }
}
