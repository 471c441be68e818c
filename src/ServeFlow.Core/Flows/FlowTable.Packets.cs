using System.Runtime.CompilerServices;
using ServeFlow.Packets;

namespace ServeFlow.Flows;

/// <summary>Puts packets into their flows.</summary>
public sealed partial class FlowTable<TListener>
{
    /// <summary>Times are held below this, so that adding a timeout cannot overflow.</summary>
    const long MaxTimeNs = long.MaxValue / 2;

    /// <summary>Counts a copy of an earlier packet; returns whether it is left out.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    bool Drops()
    {
        if (dropsDuplicates)
        {
            Untracked.Count(UntrackedReason.Duplicate);
        }
        else
        {
            Events.Count(FlowEvent.DuplicatePacket);
        }

        return dropsDuplicates;
    }

    /// <summary>Time never moves back: an older packet counts at the latest time that was seen.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void AdvanceClock(long packetNs)
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool IsTrackable(in PacketHeaders headers)
    {
        if (headers.IsLaterFragment)
        {
            Untracked.Count(UntrackedReason.LaterFragment);
            return false;
        }

        return true;
    }

    /// <summary>
    /// Finds the open flow of a key. A flow at the candidate's place that has the key is the one: the memory of a flow
    /// that has ended has no packet's key.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    int Find(in HashedFlowKey ticket) =>
        ticket.Candidate >= 0 && flows[ticket.Candidate].Key.Equals(ticket.Key) ? ticket.Candidate : LookUp(ticket);

    [MethodImpl(MethodImplOptions.NoInlining)]
    int LookUp(in HashedFlowKey ticket)
    {
        var position = index.Start(ticket.Hash);
        int flow;
        do
        {
            flow = index.Next(ticket.Hash, ref position);
        }
        while (flow >= 0 && !flows[flow].Key.Equals(ticket.Key));
        return flow;
    }

    /// <summary>
    /// Determines whether the flow that was found may take the packet without further checks, as is nearly always the
    /// case: it is neither idle nor old nor closing.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    bool IsCurrent(in Flow flow) => flow.TcpState < TcpState.FinWait1 && nowNs - flow.LastNs < shortestIdleNs
        && nowNs - flow.FirstNs < activeNs;

    /// <summary>
    /// Determines whether the flow that was found cannot take the packet any more, and if so why and when it ends.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    bool HasEnded(int index, in PacketHeaders headers, out EndReason reason, out long endNs)
    {
        ref var flow = ref flows[index];
        (reason, endNs) = GetExpiry(index, flow);
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
    [MethodImpl(MethodImplOptions.NoInlining)]
    int OpenSuccessor(int ended, in PacketSlot packet, in PacketHeaders headers, in HashedFlowKey ticket,
        EndReason reason,
        long endNs)
    {
        if (reason != EndReason.ActiveTimeout)
        {
            End(ended, ticket.Hash, reason, endNs);
            return Open(packet, headers, ticket);
        }

        var next = Flow.Continue(flows[ended], nowNs);
        End(ended, ticket.Hash, reason, endNs);
        var place = AllocateFlow(ticket.Hash);
        flows[place] = next;
        SetTimer(place, next);
        return place;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    int Open(in PacketSlot packet, in PacketHeaders headers, in HashedFlowKey ticket)
    {
        var place = AllocateFlow(ticket.Hash);
        ref var flow = ref flows[place];
        flow = Flow.Open(ticket.Key, headers, ticket.SenderIsLow, nowNs, packet.InterfaceIndex);
        SetTimer(place, flow);
        if (flow.HasTcpFlags(headers) && !TcpFlags.IsOpening(headers.TcpFlags))
        {
            BeginInTheMiddle(ref flow, headers.TcpFlags);
        }

        return place;
    }

    void BeginInTheMiddle(ref Flow flow, byte flags)
    {
        if (TcpFlags.IsAnswer(flags))
        {
            Events.Count(FlowEvent.SynAckFirst);
            flow.Turn();
        }
        else if ((flags & TcpFlags.Syn) == 0)
        {
            Events.Count(FlowEvent.TcpWithoutSyn);
        }
    }

    int AllocateFlow(ulong hash)
    {
        MakeRoom();
        var place = flows.Rent();
        timers.Prefault(place);
        index.Add(hash, place);
        Created++;
        return place;
    }

    void SetTimer(int place, in Flow flow) => timers.Schedule(place, nowNs + TimerNs(flow));

    void Count(int index, ref Flow flow, in PacketSlot packet, in PacketHeaders headers, ref bool forward)
    {
        var before = flow.TcpState;
        if (flow.HasTcpFlags(headers))
        {
            CountTcpEvents(index, ref flow, headers.TcpFlags, ref forward);
        }

        flow.Count(headers, packet.OriginalLength, forward, nowNs);
        Tracked++;
        if (before < TcpState.LastAck && flow.IsClosed)
        {
            timers.Schedule(index, nowNs + lingerNs);
        }
    }

    void CountTcpEvents(int index, ref Flow flow, byte flags, ref bool forward)
    {
        if (TcpFlags.IsPlain(flags) && flow.TcpState != TcpState.Closed)
        {
            return;
        }

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
        else if (ShowsOtherSides(flow, flags, forward))
        {
            Events.Count(FlowEvent.SidesTurned);
            listener.Turning(index, ref flow);
            flow.Turn();
            forward = !forward;
        }
    }

    /// <summary>
    /// Determines whether a packet of a handshake contradicts the sides of a flow: it has begun in the middle, has seen
    /// no handshake so far, and the client turns out to be the other side.
    /// </summary>
    static bool ShowsOtherSides(in Flow flow, byte flags, bool forward) =>
        (forward ? TcpFlags.IsAnswer(flags) : TcpFlags.IsOpening(flags))
        && flow.TcpState is TcpState.None or TcpState.Established
        && !flow.IsContinuation && !flow.History.HasHandshake;
}
