using System.Runtime.CompilerServices;
using ServeFlow.Cascade;
using ServeFlow.Packets;
using ServeFlow.Packets.Headers;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Prepares a group of packets before their turn. Nothing here changes a flow: each pass prefetches the memory that a
/// later one reads, and work on the groups before and behind lies in between, so that hardly anything is waited for.
/// </summary>
public sealed partial class Worker
{
    /// <summary>
    /// Twice as many lines as a core of today waits for at once; what is known of two groups stays in its first-level
    /// cache.
    /// </summary>
    const int GroupPackets = 32;

    /// <summary>Specifies how many flows ahead of the one that is answered an answer's memory is prefetched.</summary>
    const int AnswersAhead = 8;

    /// <summary>Hold what is known of the group that has its turn next, and of the group behind it.</summary>
    DecodedPacket[] decodedPackets = new DecodedPacket[GroupPackets], decodedBehind = new DecodedPacket[GroupPackets];

    /// <summary>
    /// Takes the packets of a burst in order, a group at a time. The group behind is decoded before a group has its
    /// turn, while the memory of that group's flows is on its way.
    /// </summary>
    void TakeBurst(ReadOnlySpan<PacketSlot> packets)
    {
        var group = FirstGroup(packets);
        Decode(group, decodedPackets, FirstGroup(packets[group.Length..]));
        PrefetchFlows(decodedPackets.AsSpan(0, group.Length));
        while (!group.IsEmpty)
        {
            packets = packets[group.Length..];
            var behind = FirstGroup(packets);
            Decode(behind, decodedBehind, FirstGroup(packets[behind.Length..]));
            PrefetchHeaders(decodedPackets.AsSpan(0, group.Length));
            shadow?.PrefetchFollowed(decodedPackets.AsSpan(0, group.Length));
            TakeTurns(group, decodedPackets);
            PrefetchFlows(decodedBehind.AsSpan(0, behind.Length));
            (decodedPackets, decodedBehind) = (decodedBehind, decodedPackets);
            group = behind;
        }
    }

    static ReadOnlySpan<PacketSlot> FirstGroup(ReadOnlySpan<PacketSlot> packets) =>
        packets[..Math.Min(packets.Length, GroupPackets)];

    /// <summary>
    /// Finds headers and flow keys, and prefetches the places where the keys are looked up. Meanwhile it prefetches the
    /// bytes of the group behind, packet by packet: all of these lines at once would have to wait for one another.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    void Decode(ReadOnlySpan<PacketSlot> group, DecodedPacket[] decoded, ReadOnlySpan<PacketSlot> behind)
    {
        for (var i = 0; i < group.Length; i++)
        {
            if (i < behind.Length)
            {
                behind[i].Prefetch();
            }

            ref var packet = ref decoded[i];
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
            if (packet.IsDecoded)
            {
                flows.FindCandidate(ref packet.HashedKey);
            }
        }
    }

    /// <summary>Prefetches the record and the flow of an answer that comes some flows later.</summary>
    /// <param name="left">The slots of the flows without their answer yet.</param>
    void PrefetchAnswer(PlanLane lane, ReadOnlySpan<int> left, int tier)
    {
        if (left.Length > AnswersAhead)
        {
            var slot = left[AnswersAhead];
            if (followed is null)
            {
                reorderBuffer.Prefetch(AnswerPlace(lane, slot, tier));
                flows.Prefetch(pending[slot].FlowIndex);
            }

            comparison?.Prefetch(slot, isShadow: followed is not null);
        }
    }

    /// <summary>Prefetches the memory where an undecided flow will keep what is asked of the packet.</summary>
    void PrefetchHeaders(ReadOnlySpan<DecodedPacket> packets)
    {
        var lane = choice.Main; // of flows in another lane it is not theirs, which costs time only
        var last = (uint)lane.Rule.Depth - 1;
        foreach (ref readonly var packet in packets)
        {
            if (!packet.IsDecoded || packet.HashedKey.Candidate < 0)
            {
                continue;
            }

            ref readonly var flow = ref flows[packet.HashedKey.Candidate];
            if (!DecisionTag.IsDecided(flow.Tag))
            {
                var kept = Math.Min(flow.PacketsForward + flow.PacketsBackward, last);
                pending.Prefetch(flow.PendingSlot);
                lane.Prefetch(flow.PendingSlot, (int)kept);
            }
        }
    }
}
