using ServeFlow.Packets;
using ServeFlow.Telemetry;

namespace ServeFlow.Flows;

/// <summary>
/// All flows that one worker tracks. Time is what packets say; nothing reads a clock.
/// <c>Created = Active + Ended.Total</c> at every moment.
/// </summary>
public sealed class FlowTable<TListener> where TListener : struct, IFlowListener
{
    public FlowTable(FlowOptions options, TListener listener) => throw new NotSupportedException();

    public long Created { get; private set; }

    public int Active { get; private set; }

    public Tally<EndReason> Ended { get; } = new();

    /// <summary>The flow at an index that <see cref="Track"/> or the listener gave; valid until the flow ends.</summary>
    public ref Flow this[int index] => throw new NotSupportedException();

    /// <summary>
    /// Moves time to the packet's, ends what is due, then counts the packet into its flow, which is created where
    /// none is open. Returns the flow's index, or −1 where the packet belongs to none (counted).
    /// </summary>
    /// <param name="forward">Whether the packet goes the way of the flow's first packet.</param>
    /// <param name="isNew">Whether the packet began the flow.</param>
    public int Track(in PacketSlot packet, in PacketHeaders headers, out bool forward, out bool isNew) =>
        throw new NotSupportedException();

    /// <summary>Moves time forward and ends every flow that is due.</summary>
    public void Advance(long nowNs) => throw new NotSupportedException();

    /// <summary>Ends every flow that is still open, oldest first: the end of a capture, or a shutdown.</summary>
    public void EndAll(EndReason reason) => throw new NotSupportedException();
}
