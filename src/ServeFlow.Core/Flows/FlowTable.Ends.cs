namespace ServeFlow.Flows;

/// <summary>How flows end.</summary>
public sealed partial class FlowTable<TListener>
{
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
            End(index, Hash(flow.Key), reason, dueNs);
        }
        else if (IsEmergencyIdle(flow))
        {
            End(index, Hash(flow.Key), EndReason.LackOfResources, nowNs);
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

    /// <summary>All open flows in ascending order of a time; equal times in order of index.</summary>
    List<int> ByAge(TimeOf time)
    {
        var order = new List<(long Time, int Flow)>(Active);
        for (var flow = 0; flow < flows.Extent; flow++)
        {
            if (timers.IsScheduled(flow))
            {
                order.Add((time(flows[flow]), flow));
            }
        }

        order.Sort();
        return order.ConvertAll(static entry => entry.Flow);
    }

    static long Nanoseconds(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(timeout.Ticks, nameof(timeout));
        return timeout.Ticks < LatestNs / TimeSpan.NanosecondsPerTick
            ? timeout.Ticks * TimeSpan.NanosecondsPerTick
            : LatestNs;
    }

    delegate long TimeOf(in Flow flow);

    /// <summary>Hands due timers to the table.</summary>
    readonly struct Expiry(FlowTable<TListener> table) : ITimerListener
    {
        public void Due(int id, long dueNs) => table.TimerDue(id);
    }
}
