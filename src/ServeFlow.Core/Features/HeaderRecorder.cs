using ServeFlow.Packets;

namespace ServeFlow.Features;

/// <summary>Copies a packet's headers into a <see cref="HeaderRecord"/>.</summary>
public static class HeaderRecorder
{
    /// <param name="flowFirstNs">Time of the flow's first packet.</param>
    /// <param name="flowPreviousNs">Time of the flow's packet before this one; the same as its own on the first.</param>
    public static void Record(in PacketSlot packet, in PacketHeaders headers, bool forward, long flowFirstNs,
        long flowPreviousNs, out HeaderRecord record) => throw new NotSupportedException();
}
