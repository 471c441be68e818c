namespace ServeFlow.Flows;

/// <summary>Makes room when the table is full.</summary>
public sealed partial class FlowTable<TListener>
{
    /// <summary>
    /// Share of the table, in percent, that has to be free before emergency mode ends (Suricata's 30).
    /// </summary>
    const int FreePercent = 30;

    /// <summary>Divides idle timeouts while the table is in emergency mode.</summary>
    const int EmergencyDivisor = 10;

    /// <summary>Flows ended for each one that opens: the least that gets ahead. The outputs get twice as many ends as
    /// flows open; of many more, at once, a queue of records would not hold them all.</summary>
    const int EndsPerOpen = 2;

    readonly AgeQueue oldest = new();

    /// <summary>
    /// Gets whether the table became full and has not had enough free room since. While it lasts, every new flow first
    /// ends up to two others, those without a packet for longest first, and timers use a tenth of the idle
    /// timeouts. <see cref="Events"/> counts how often it began and ended.
    /// </summary>
    public bool InEmergency { get; private set; }

    bool HasHeadroom => maxFlows - Active >= Math.Max(1, (long)maxFlows * FreePercent / 100);

    /// <summary>Returns the time from a flow's latest packet to its timer.</summary>
    long TimerNs(in Flow flow) => InEmergency ? IdleNs(flow) / EmergencyDivisor : IdleNs(flow);

    bool IsEmergencyIdle(in Flow flow) => InEmergency && flow.LastNs + TimerNs(flow) <= nowNs;

    /// <summary>Makes sure that there is an index for the flow that is about to open.</summary>
    void MakeRoom()
    {
        if (Active == maxFlows && !InEmergency)
        {
            InEmergency = true;
            Events.Count(FlowEvent.EmergencyBegan);
            SortByAge();
        }

        if (InEmergency)
        {
            EndOldest();
        }
    }

    void EndOldest()
    {
        for (var ended = 0; ended < EndsPerOpen && !HasHeadroom;)
        {
            if (!oldest.TryNext(out var lastNs, out var flow))
            {
                SortByAge();
            }
            else if (timers.IsScheduled(flow) && flows[flow].LastNs == lastNs)
            {
                PrefetchEnds();
                End(flow, flows[flow].IsClosed ? EndReason.EndOfFlow : EndReason.LackOfResources);
                ended++;
            }
        }

        if (HasHeadroom)
        {
            InEmergency = false;
            Events.Count(FlowEvent.EmergencyEnded);
        }
    }

    void SortByAge()
    {
        oldest.Clear(maxFlows);
        for (var flow = 0; flow < flows.Extent; flow++)
        {
            if (timers.IsScheduled(flow))
            {
                oldest.Add(flows[flow].LastNs, flow);
            }
        }

        oldest.Sort();
    }
}
