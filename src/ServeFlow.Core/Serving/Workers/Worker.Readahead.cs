using ServeFlow.Cascade;
using ServeFlow.Packets;
using ServeFlow.Packets.Headers;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Prepares a group of packets before their turn. Nothing here changes a flow: each pass prefetches the memory that the
/// next one reads, so that a group waits for memory three times and not once per packet.
/// </summary>
public sealed partial class Worker
{
    /// <summary>
    /// Twice as many lines as a core of today waits for at once; what is known of them stays in its first-level cache.
    /// </summary>
    const int GroupPackets = 32;

    readonly DecodedPacket[] decodedPackets = new DecodedPacket[GroupPackets];

    /// <summary>The bytes of the group after the one that is about to be taken are asked for.</summary>
    static void PrefetchPackets(ReadOnlySpan<PacketSlot> next)
    {
        foreach (ref readonly var packet in next[..Math.Min(next.Length, GroupPackets)])
        {
            packet.Prefetch();
        }
    }

    /// <summary>Headers and flow keys; the places where the keys are looked up are asked for.</summary>
    void Decode(ReadOnlySpan<PacketSlot> group)
    {
        for (var i = 0; i < group.Length; i++)
        {
            ref var packet = ref decodedPackets[i];
            packet.IsDecoded = PacketDecoder.TryDecode(group[i], out packet.Headers, out packet.IgnoreReason);
            if (packet.IsDecoded)
            {
                flows.Prepare(packet.Headers, out packet.HashedKey);
            }
        }
    }

    /// <summary>Prefetches the memory of the flows that the packets most likely belong to.</summary>
    void PrefetchFlows(Span<DecodedPacket> packets)
    {
        foreach (ref var packet in packets)
        {
            packet.CandidateIndex = packet.IsDecoded ? flows.FindCandidate(packet.HashedKey) : -1;
        }
    }

    /// <summary>Prefetches the memory where an undecided flow will keep the packet's headers.</summary>
    void PrefetchHeaders(ReadOnlySpan<DecodedPacket> packets)
    {
        var headers = choice.Main.Headers; // of flows in another lane it is not theirs, which costs time only
        foreach (ref readonly var packet in packets)
        {
            if (packet.CandidateIndex < 0)
            {
                continue;
            }

            ref readonly var flow = ref flows[packet.CandidateIndex];
            if (!DecisionTag.IsDecided(flow.Tag))
            {
                var kept = Math.Min(flow.PacketsForward + flow.PacketsBackward, (uint)headers.Depth - 1);
                pending.Prefetch(flow.PendingSlot);
                headers.Prefetch(flow.PendingSlot, kept);
            }
        }
    }
}
