using System.Diagnostics;
using System.Runtime.CompilerServices;
using ServeFlow.Flows.Timers;

namespace ServeFlow.Flows;

/// <summary>Ends flows.</summary>
public sealed partial class FlowTable<TListener>
{
    /// <summary>Moves time forward and ends every flow that is due.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Advance(long toNs)
    {
        if (toNs <= nowNs)
        {
            return;
        }

        nowNs = Math.Min(toNs, MaxTimeNs);
        var expiry = new Expiry(this);
        timers.Advance(nowNs, ref expiry);
    }

    /// <summary>Ends one flow now, as its owner asks.</summary>
    public void End(int flow, EndReason reason) => End(flow, hasher.Compute(flows[flow].Key), reason, nowNs);

    /// <summary>Gets when an open flow ends if no further packet comes, which may be up to a tick of the timers ago.
    /// </summary>
    public long EndNs(int flow) => GetExpiry(flow, flows[flow]).DueNs;

    /// <summary>Ends a flow that is over, and whose timer fires only with the next tick.</summary>
    public void EndOver(int flow)
    {
        var (reason, dueNs) = GetExpiry(flow, flows[flow]);
        Debug.Assert(dueNs <= nowNs, "its time has come");
        End(flow, hasher.Compute(flows[flow].Key), reason, dueNs);
    }

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
            PrefetchEnds();
            if (timers.IsScheduled(flow))
            {
                EndOrExpire(flow, reason);
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
        duplicates.Clear();
        oldest.Clear(0);
    }

    void PrefetchEnds()
    {
        if (oldest.PeekAhead(TimerWheel.Lookahead) is >= 0 and var distant)
        {
            flows.Prefetch(distant);
            timers.Prefetch(distant);
        }

        if (oldest.PeekAhead(TimerWheel.Lookahead / 2) is >= 0 and var near)
        {
            index.Prefetch(hasher.Compute(flows[near].Key));
        }
    }

    void EndOrExpire(int index, EndReason reason)
    {
        ref var flow = ref flows[index];
        var (expiring, dueNs) = GetExpiry(index, flow);
        var (why, when) = dueNs <= nowNs ? (expiring, dueNs) : (flow.IsClosed ? EndReason.EndOfFlow : reason, nowNs);
        End(index, hasher.Compute(flow.Key), why, when);
    }

    long IdleNs(in Flow flow) => flow.Key.Protocol == IpProtocol.Tcp ? tcpIdleNs : udpIdleNs;

    /// <summary>Gets when and why a flow ends if no further packet comes.</summary>
    (EndReason Reason, long DueNs) GetExpiry(int index, in Flow flow) => flow.IsClosed
        ? (EndReason.EndOfFlow, timers.DueNs(index))
        : (EndReason.IdleTimeout, flow.LastNs + IdleNs(flow));

    /// <summary>A flow's timer has fired. Packets may have come since it was set: then it is set anew.</summary>
    void OnTimerDue(int index)
    {
        ref var flow = ref flows[index];
        var (reason, dueNs) = GetExpiry(index, flow);
        if (dueNs <= nowNs)
        {
            End(index, hasher.Compute(flow.Key), reason, dueNs);
        }
        else if (IsEmergencyIdle(flow))
        {
            End(index, hasher.Compute(flow.Key), EndReason.LackOfResources, nowNs);
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
        return timeout.Ticks < MaxTimeNs / TimeSpan.NanosecondsPerTick
            ? timeout.Ticks * TimeSpan.NanosecondsPerTick
            : MaxTimeNs;
    }

    /// <summary>Hands due timers to the table.</summary>
    readonly struct Expiry(FlowTable<TListener> table) : ITimerListener
    {
        public void PrefetchEarly(int id) => table.flows.Prefetch(id);

        public void PrefetchLate(int id) => table.index.Prefetch(table.hasher.Compute(table.flows[id].Key));

        public void Due(int id, long dueNs) => table.OnTimerDue(id);
    }
}
