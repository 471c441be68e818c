using System.Numerics;
using System.Runtime.CompilerServices;
using ServeFlow.Flows;
using ServeFlow.Flows.Memory;
using ServeFlow.Packets;

namespace ServeFlow.Serving.Workers;

/// <summary>
/// Has another worker follow: it answers the flows of this one's table by its own plan, and hands its answers to a
/// comparison. Packets are decoded and put into flows once. The follower has undecided flows, packets and deadlines
/// of its own, and only reads the table: so nothing of it reaches this worker's records or counts.
/// docs/decisions/0047-one-table-for-a-shadow.md.
/// </summary>
public sealed partial class Worker
{
    /// <summary>Follows this worker; null where none does.</summary>
    Worker? shadow;

    /// <summary>Compares the answers of this worker with those of the one that follows it or that it follows; null for
    /// none.</summary>
    ShadowRun? comparison;

    /// <summary>
    /// Holds, by flow of another worker's table, the slot of one that is undecided here, plus one; 0 for all others.
    /// Null where this worker tracks the flows itself.
    /// </summary>
    readonly NativeBlock<int>? followed;

    /// <summary>Takes a packet that the other worker has counted into a flow, and answered if it could.</summary>
    /// <param name="begins">Whether the packet begins the flow, or a window of it.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    void Follow(int index, in Flow flow, bool begins, in PacketSlot packet, in PacketHeaders headers, bool forward)
    {
        FollowTime(flows.NowNs);
        if (begins)
        {
            AdmitFollowed(index, flow, packet.Number);
        }

        if (followed![index] is > 0 and var place)
        {
            KeepHeaders(place - 1, flow, packet, headers, forward);
        }

        for (var tiers = comparison!.TakeTiersToFollow(); tiers != 0; tiers &= tiers - 1)
        {
            Score(choice.Main, BitOperations.TrailingZeroCount(tiers)); // no batch gets ahead of the other's
        }
    }

    /// <summary>
    /// Time has come so far. The table is there already, so that flows which ended before a deadline have ended.
    /// </summary>
    void FollowTime(long nowNs)
    {
        MakeRoom();
        AnswerDue(nowNs);
    }

    void AdmitFollowed(int index, in Flow flow, long packetNumber)
    {
        if (followed![index] is > 0 and var before)
        {
            Detach(before - 1);
        }

        followed[index] = 0;
        Account.CountUnit();
        var lane = choice.Main;
        if (lane.Protocols is { } protocols && !protocols.Include(flow.Key.IpVersion, flow.Key.Protocol))
        {
            AnswerUnknownProtocol(lane, flow, TunnelInfoPool.None, packetNumber);
            return;
        }

        var slot = OpenTasks();
        lane.Prefault(slot);
        AdmitTask(slot, index, flow, TunnelInfoPool.None, lane);
        followed[index] = slot + 1;
    }

    /// <summary>A flow of the other worker's table has ended: what is undecided here is answered with what there is.
    /// </summary>
    /// <param name="endNs">Packet time of the end.</param>
    void EndFollowed(int index, long endNs)
    {
        MakeRoom();
        ScoreDue(endNs);
        if (followed![index] is not (> 0 and var place))
        {
            return;
        }

        CloseEnded(place - 1, endNs);
        Detach(place - 1);
        followed[index] = 0;
        if (!pending[place - 1].IsAway)
        {
            Enqueue(place - 1);
        }
    }

    /// <summary>The sides of a flow are about to be exchanged, as <see cref="Turning"/> says. What was due before is
    /// answered by the sides as they were.</summary>
    void TurnFollowed(int index)
    {
        FollowTime(flows.NowNs);
        if (followed![index] > 0)
        {
            ScoreAndFlush();
        }

        if (followed[index] is > 0 and var place)
        {
            comparison!.ForgetScores(place - 1);
            TurnKept(place - 1);
        }
    }

    /// <summary>A flow has its answer: no more of its packets are taken.</summary>
    void Unfollow(int index)
    {
        if (index != PendingFlow.Detached)
        {
            followed![index] = 0;
        }
    }

    /// <summary>Prefetches the memory where a follower will keep packets.</summary>
    void PrefetchFollowed(ReadOnlySpan<DecodedPacket> packets)
    {
        var lane = choice.Main;
        foreach (ref readonly var packet in packets)
        {
            if (packet.IsDecoded && packet.HashedKey.Candidate >= 0
                && followed![packet.HashedKey.Candidate] is > 0 and var place)
            {
                ref readonly var flow = ref flows[packet.HashedKey.Candidate];
                pending.Prefetch(place - 1);
                lane.Prefetch(place - 1,
                    (int)Math.Min(flow.PacketsForward + flow.PacketsBackward, (uint)lane.Depths[^1] - 1));
            }
        }
    }
}
