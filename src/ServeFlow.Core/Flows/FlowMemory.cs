using ServeFlow.Flows.Timers;

namespace ServeFlow.Flows;

/// <summary>Relates the memory of a flow table to the flows that it can hold.</summary>
public static class FlowMemory
{
    /// <summary>Lies within what a table can hold, and what any machine has memory for: 2^28 flows.</summary>
    public const int MaxFlows = 1 << 28;

    /// <summary>Computes the most bytes that a table of this many flows can come to.</summary>
    public static long BytesFor(int flows) => FlowSlab.BytesFor(flows) + FlowIndex.BytesFor(flows)
        + TimerWheel.BytesFor(flows) + ((long)flows * AgeQueue.EntryBytes);

    /// <summary>Finds the largest table that fits into the given bytes, in flows; 0 where none fits.</summary>
    /// <param name="bytesPerFlow">Further bytes that the owner keeps of each flow.</param>
    public static int FlowsWithin(long bytes, long bytesPerFlow = 0)
    {
        var (fits, beyond) = (0, MaxFlows + 1);
        while (beyond - fits > 1)
        {
            var middle = fits + ((beyond - fits) / 2);
            (fits, beyond) = BytesFor(middle) + (middle * bytesPerFlow) <= bytes ? (middle, beyond) : (fits, middle);
        }

        return fits;
    }
}
