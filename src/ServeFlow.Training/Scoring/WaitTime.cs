using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Scoring;

/// <summary>Computes when a tier can score a flow, by the capture's own clock.</summary>
static class WaitTime
{
    /// <summary>
    /// A flow with enough packets is ready with the last of them. One with fewer is ready once that is certain: at
    /// its end, or at the wait limit, whichever comes first; the tier then sees the packets there were.
    /// </summary>
    /// <param name="position">The flow's position among the flows.</param>
    /// <param name="depth">Packets that the tier waits for.</param>
    /// <param name="limit">The time after which no flow is waited for.</param>
    /// <returns>Packets that the tier sees, and nanoseconds after the flow's first packet.</returns>
    public static (int Packets, long ReadyNs) Compute(FlowSample flows, int position, int depth, TimeSpan limit) =>
        Compute(flows, position, depth, limit.Ticks * TimeSpan.NanosecondsPerTick);

    /// <inheritdoc cref="Compute(FlowSample, int, int, TimeSpan)"/>
    public static (int Packets, long ReadyNs) Compute(FlowSample flows, int position, int depth, long limitNs)
    {
        var packets = flows.Packets(position);
        var seen = 0;
        while (seen < packets.Length && seen < depth && packets[seen].SinceFirstMicroseconds * 1000L <= limitNs)
        {
            seen++;
        }

        if (seen == depth)
        {
            return (seen, packets[seen - 1].SinceFirstMicroseconds * 1000L);
        }

        var flow = flows[position];
        return (seen, Math.Clamp(flow.EndNs - flow.FirstNs, 0, limitNs));
    }
}
