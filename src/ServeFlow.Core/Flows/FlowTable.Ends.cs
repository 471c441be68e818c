using System.Diagnostics;

namespace ServeFlow.Flows;

/// <summary>How flows end.</summary>
public sealed partial class FlowTable<TListener>
{
    /// <summary>Moves time forward and ends every flow that is due.</summary>
    public void Advance(long toNs)
    {
        if (toNs <= nowNs)
        {
            return;
        }

        nowNs = Math.Min(toNs, LatestNs);
        var expiry = new Expiry(this);
        timers.Advance(nowNs, ref expiry);
    }

    /// <summary>Ends one flow now, as its owner asks.</summary>
    public void End(int flow, EndReason reason) => End(flow, hasher.Of(flows[flow].Key), reason, nowNs);

    /// <summary>
    /// Ends every flow that is still open, oldest first: the end of a capture, or a shutdown. Connections that were
    /// over and only lingered end by <see cref="EndReason.EndOfFlow"/> whatever the reason given.
    /// </summary>
    public void EndAll(EndReason reason)
    {
        oldest.Clear(Active);
        for (var flow = 0; flow < flows.Extent; flow++)
        {
            if (timers.IsScheduled(flow))
            {
                oldest.Add(flows[flow].FirstNs, flow);
            }
        }

        oldest.Sort();
        while (oldest.TryNext(out _, out var flow))
        {
            ApproachEnds();
            if (timers.IsScheduled(flow))
            {
                EndLast(flow, reason);
            }
        }
    }

    /// <summary>
    /// Once every flow has ended: time begins anew, and flows get the same places as in a new table. Counters stay.
    /// </summary>
    public void Reset()
    {
        Debug.Assert(Active == 0, "flows end first");
        nowNs = 0;
        InEmergency = false;
        flows.Reset();
        timers.Reset();
        oldest.Clear(0);
    }

    void ApproachEnds()
    {
        if (oldest.Ahead(TimerWheel.Lookahead) is >= 0 and var distant)
        {
            flows.Prefetch(distant);
            timers.Prefetch(distant);
        }

        if (oldest.Ahead(TimerWheel.Lookahead / 2) is >= 0 and var near)
        {
            index.Prefetch(hasher.Of(flows[near].Key));
        }
    }

    void EndLast(int index, EndReason reason)
    {
        ref var flow = ref flows[index];
        var (expiring, dueNs) = Expiring(index, flow);
        var (why, when) = dueNs <= nowNs ? (expiring, dueNs) : (flow.IsClosed ? EndReason.EndOfFlow : reason, nowNs);
        End(index, hasher.Of(flow.Key), why, when);
    }

    long IdleNs(in Flow flow) => flow.Key.Protocol == IpProtocol.Tcp ? tcpIdleNs : udpIdleNs;

    /// <summary>When and why a flow ends if no further packet comes.</summary>
    (EndReason Reason, long DueNs) Expiring(int index, in Flow flow) => flow.IsClosed
        ? (EndReason.EndOfFlow, timers.DueNs(index))
        : (EndReason.IdleTimeout, flow.LastNs + IdleNs(flow));

    /// <summary>A flow's timer has fired. Packets may have come since it was set: then it is set anew.</summary>
    void TimerDue(int index)
    {
        ref var flow = ref flows[index];
        var (reason, dueNs) = Expiring(index, flow);
        if (dueNs <= nowNs)
        {
            End(index, hasher.Of(flow.Key), reason, dueNs);
        }
        else if (IsEmergencyIdle(flow))
        {
            End(index, hasher.Of(flow.Key), EndReason.LackOfResources, nowNs);
        }
        else
        {
            timers.Schedule(index, flow.LastNs + TimerNs(flow));
        }
    }

    void End(int flow, ulong hash, EndReason reason, long endNs)
    {
        Ended.Count(reason);
        index.Remove(hash, flow);
        timers.Cancel(flow);
        listener.Ended(flow, ref flows[flow], reason, endNs);
        flows.Return(flow);
    }

    static long Nanoseconds(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(timeout.Ticks, nameof(timeout));
        return timeout.Ticks < LatestNs / TimeSpan.NanosecondsPerTick
            ? timeout.Ticks * TimeSpan.NanosecondsPerTick
            : LatestNs;
    }

    /// <summary>Hands due timers to the table.</summary>
    readonly struct Expiry(FlowTable<TListener> table) : ITimerListener
    {
        public void Approaching(int id) => table.flows.Prefetch(id);

        public void Near(int id) => table.index.Prefetch(table.hasher.Of(table.flows[id].Key));

        public void Due(int id, long dueNs) => table.TimerDue(id);
    }
}
