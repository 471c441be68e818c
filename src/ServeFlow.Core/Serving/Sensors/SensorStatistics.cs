using ServeFlow.Cascade.Drift;

namespace ServeFlow.Serving.Sensors;

/// <summary>
/// Reports what a sensor has done so far; each worker's numbers are of one moment, the end of a burst.
/// </summary>
/// <param name="Received">Packets that the sources delivered.</param>
/// <param name="Tracked">Packets counted into flows.</param>
/// <param name="Outside">Packets that were decoded but belong to no flow.</param>
/// <param name="Ignored">Packets in which no IP header could be decoded.</param>
/// <param name="Created">Flows.</param>
/// <param name="Active">Flows that are open.</param>
/// <param name="Undecided">Flows that wait for their answer.</param>
/// <param name="Overload">Flows that were answered early for want of room or time.</param>
/// <param name="DecisionsByTier">Flows answered, by tier.</param>
/// <param name="ShedByTier">Flows, by tier, that the tier would have escalated and answered itself under load.</param>
/// <param name="Sinks">The statistics of the sinks, in the order in which they were given.</param>
public sealed record SensorStatistics(long Received, long Tracked, long Outside, long Ignored, long Created,
    long Active, long Undecided, long Overload, IReadOnlyList<long> DecisionsByTier,
    IReadOnlyList<long> ShedByTier, IReadOnlyList<SinkStatistics> Sinks)
{
    /// <summary>Gets the packets of chosen flows; null where none are kept.</summary>
    public FlowDumpStatistics? Dump { get; init; }

    /// <summary>
    /// Gets, by task, how the traffic compares with that of training; null where the bundle does not say.
    /// </summary>
    public IReadOnlyList<DriftState?> Drifts { get; init; } = [];
}
