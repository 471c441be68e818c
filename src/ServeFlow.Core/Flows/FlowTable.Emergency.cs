namespace ServeFlow.Flows;

/// <summary>What happens when the table is full.</summary>
public sealed partial class FlowTable<TListener>
{
    /// <summary>Share of the table, in percent, that has to be free before emergency mode ends (Suricata's 30).</summary>
    const int FreePercent = 30;

    /// <summary>In emergency mode, idle timeouts are divided by this.</summary>
    const int EmergencyDivisor = 10;

    /// <summary>Flows ended for each one that opens: enough to get ahead, few enough not to hold packets up.</summary>
    const int EndsPerOpen = 16;

    List<int> oldest = [];
    int oldestNext;

    /// <summary>
    /// Whether the table became full and has not got enough free room since. While it lasts, idle timeouts are a tenth
    /// and every new flow ends up to sixteen others, those without a packet for longest first.
    /// <see cref="Events"/> counts how often it began and ended.
    /// </summary>
    public bool InEmergency { get; private set; }

    int EnoughFree => (int)Math.Max(1, (long)maxFlows * FreePercent / 100);

    /// <summary>Time from a flow's latest packet to its timer.</summary>
    long TimerNs(in Flow flow) => InEmergency ? IdleNs(flow) / EmergencyDivisor : IdleNs(flow);

    bool IsEmergencyIdle(in Flow flow) => InEmergency && flow.LastNs + TimerNs(flow) <= nowNs;

    /// <summary>Before a flow opens: sees to it that there is an index for it.</summary>
    void MakeRoom()
    {
        if (!InEmergency)
        {
            if (Active < maxFlows)
            {
                return;
            }

            InEmergency = true;
            Events.Count(FlowEvent.EmergencyBegan);
            RankOldest();
        }

        EndOldest(EndsPerOpen);
        if (maxFlows - Active >= EnoughFree)
        {
            InEmergency = false;
            Events.Count(FlowEvent.EmergencyEnded);
        }
    }

    void EndOldest(int count)
    {
        while (count > 0 && maxFlows - Active < EnoughFree)
        {
            if (oldestNext == oldest.Count)
            {
                RankOldest();
            }

            var flow = oldest[oldestNext++];
            if (timers.IsScheduled(flow))
            {
                End(flow, EndReason.LackOfResources);
                count--;
            }
        }
    }

    void RankOldest()
    {
        oldest = ByAge(static (in Flow flow) => flow.LastNs);
        oldestNext = 0;
    }
}
