using ServeFlow.Features;
using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Units;

/// <summary>Takes the units of one capture after the other from a <see cref="UnitCollector"/>.</summary>
public interface IUnitReceiver
{
    /// <summary>Told that a flow begins. Returns whether its packets are to be kept.</summary>
    /// <param name="first">The packet that began it; valid during the call.</param>
    bool Begin(ref Flow flow, in PacketSlot first);

    /// <summary>
    /// Takes the kept packets of a unit, once for each unit of a flow that was wanted, in their order.
    /// </summary>
    /// <param name="packets">The unit's packets, at least one header record; valid during the call.</param>
    void Receive(in Flow flow, in FlowUnit unit, ReadOnlySpan<HeaderRecord> packets);

    /// <summary>Told that a flow has ended; its units have been received.</summary>
    /// <param name="endNs">Packet time at which the connection of a wanted flow was over, else that of the end.</param>
    void End(in Flow flow, long endNs);

    /// <summary>Told that the capture, and with it every flow, has ended.</summary>
    /// <param name="fromNs">Time of its earliest packet; the end of time where it has none.</param>
    /// <param name="toNs">Time of its latest packet; the beginning of time where it has none.</param>
    void Finish(long fromNs, long toNs);
}

/// <summary>Represents a flow, or a window of one.</summary>
/// <param name="Window">Number of the window, from 0; 0 for a whole flow.</param>
/// <param name="FirstNs">Time of its first packet, ns since the Unix epoch.</param>
/// <param name="EndNs">The first moment after the window; beyond every packet for a whole flow.</param>
public readonly record struct FlowUnit(long Window, long FirstNs, long EndNs);
