namespace ServeFlow.Packets.Live;

/// <summary>Counts what became of the packets of one interface, in totals since the source was opened.</summary>
/// <param name="Received">
/// Packets that passed the filter: handed over, still waiting in the ring, or dropped by the kernel.
/// </param>
/// <param name="DroppedByKernel">Those of them that found the ring full.</param>
/// <param name="DroppedByInterface">
/// Packets that the interface or its driver lost before the filter saw them. Told by the first worker's source
/// alone, so that a sum over the workers counts them once.
/// </param>
public readonly record struct CaptureCounters(long Received, long DroppedByKernel, long DroppedByInterface)
{
    public static CaptureCounters operator +(CaptureCounters a, CaptureCounters b) => new(a.Received + b.Received,
        a.DroppedByKernel + b.DroppedByKernel, a.DroppedByInterface + b.DroppedByInterface);
}
