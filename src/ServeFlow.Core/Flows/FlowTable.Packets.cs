using ServeFlow.Packets;

namespace ServeFlow.Flows;

/// <summary>What happens to a packet on its way into its flow.</summary>
public sealed partial class FlowTable<TListener>
{
    /// <summary>Times are held below this, so that adding a timeout cannot overflow.</summary>
    const long LatestNs = long.MaxValue / 2;

    /// <summary>Time never moves back: an older packet counts at the latest time that was seen.</summary>
    void MoveTime(long packetNs)
    {
        if (packetNs > nowNs)
        {
            Advance(packetNs);
        }
        else if (packetNs < nowNs)
        {
            Events.Count(FlowEvent.ClockBackwards);
        }
    }

    bool Belongs(in PacketHeaders headers)
    {
        if (headers.IsLaterFragment)
        {
            Untracked.Count(UntrackedReason.LaterFragment);
            return false;
        }

        if (headers.TransportLength == 0
            && headers.Protocol is IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Icmp or IpProtocol.IcmpV6)
        {
            Untracked.Count(UntrackedReason.TransportHeaderCut);
            return false;
        }

        return true;
    }

    int Find(in FlowKey key, ulong hash)
    {
        var position = index.Start(hash);
        int flow;
        do
        {
            flow = index.Next(hash, ref position);
        }
        while (flow >= 0 && flows[flow].Key != key);
        return flow;
    }

    /// <summary>Whether the flow that was found cannot take the packet any more, and why it ends, and when.</summary>
    bool IsPast(int index, in PacketHeaders headers, out EndReason reason, out long endNs)
    {
        ref var flow = ref flows[index];
        (reason, endNs) = Expiring(index, flow);
        if (endNs <= nowNs)
        {
            return true;
        }

        (reason, endNs) = (EndReason.ActiveTimeout, nowNs);
        if (nowNs - flow.FirstNs >= activeNs && !flow.IsClosed)
        {
            return true;
        }

        reason = EndReason.EndOfFlow;
        if (flow.TcpState < TcpState.FinWait1 || !TcpFlags.IsOpening(headers.TcpFlags))
        {
            return false;
        }

        Events.Count(FlowEvent.TupleReused);
        return true;
    }

    /// <summary>Ends a flow and opens the one that follows it; one ended by the active timeout goes on in it.</summary>
    int Succeed(int ended, in PacketSlot packet, in PacketHeaders headers, ulong hash, bool senderIsLow,
        EndReason reason, long endNs)
    {
        var next = reason == EndReason.ActiveTimeout
            ? Flow.Continue(flows[ended], nowNs)
            : Flow.Open(flows[ended].Key, headers, senderIsLow, nowNs, packet.InterfaceIndex);
        End(ended, hash, reason, endNs);
        return Open(next, headers, hash);
    }

    int Open(in Flow flow, in PacketHeaders headers, ulong hash)
    {
        MakeRoom();
        var place = flows.Take();
        flows[place] = flow;
        index.Add(hash, place);
        timers.EnsureCapacity(flows.Capacity);
        timers.Schedule(place, nowNs + TimerNs(flow));
        Created++;
        if (flow.Key.Protocol == IpProtocol.Tcp && !flow.IsContinuation && (headers.TcpFlags & TcpFlags.Syn) == 0)
        {
            Events.Count(FlowEvent.TcpWithoutSyn);
        }

        return place;
    }

    void Count(int index, in PacketSlot packet, in PacketHeaders headers, bool forward)
    {
        ref var flow = ref flows[index];
        var before = flow.TcpState;
        if (flow.Key.Protocol == IpProtocol.Tcp)
        {
            CountTcpEvents(flow, headers.TcpFlags, forward);
        }

        flow.Count(headers, packet.OriginalLength, forward, nowNs);
        Tracked++;
        if (before < TcpState.LastAck && flow.IsClosed)
        {
            timers.Schedule(index, nowNs + lingerNs);
        }
    }

    void CountTcpEvents(in Flow flow, byte flags, bool forward)
    {
        if (TcpFlags.Contradict(flags))
        {
            Events.Count(FlowEvent.ContradictoryTcpFlags);
        }

        if (flow.TcpState == TcpState.Closed)
        {
            Events.Count(FlowEvent.PacketAfterClose);
        }
        else if (TcpFlags.IsOpening(flags) && flow.History.Has(FlowHistory.Syn, forward))
        {
            Events.Count(FlowEvent.SynRepeated);
        }
    }
}
