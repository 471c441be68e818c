using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Scoring;

/// <summary>When a tier can score a flow, by the capture's own clock.</summary>
public static class WaitTime
{
    /// <summary>
    /// A flow with enough packets is ready with the last of them. One with fewer is ready once that is certain: at
    /// its end, or at the wait limit, whichever comes first; the tier then sees the packets there were.
    /// </summary>
    /// <returns>Packets that the tier sees, and nanoseconds after the flow's first packet.</returns>
    public static (int Packets, long ReadyNs) Compute(DataSet data, int flow, int depth, TimeSpan limit) =>
        Compute(data, flow, depth, limit.Ticks * TimeSpan.NanosecondsPerTick);

    /// <inheritdoc cref="Compute(DataSet, int, int, TimeSpan)"/>
    public static (int Packets, long ReadyNs) Compute(DataSet data, int flow, int depth, long limitNs)
    {
        var packets = data.Packets(flow);
        var seen = 0;
        while (seen < packets.Length && seen < depth && packets[seen].SinceFirstMicroseconds * 1000L <= limitNs)
        {
            seen++;
        }

        if (seen == depth)
        {
            return (seen, packets[seen - 1].SinceFirstMicroseconds * 1000L);
        }

        var end = data.Flows[flow].EndNs - data.Flows[flow].FirstNs;
        return (seen, Math.Clamp(end, 0, limitNs));
    }
}
