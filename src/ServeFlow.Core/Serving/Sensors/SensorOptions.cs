using ServeFlow.Cascade;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Sensors;

/// <summary>Holds what can be asked of a sensor.</summary>
public sealed record SensorOptions
{
    public WorkerOptions Worker { get; init; } = new();

    /// <summary>
    /// Packets after which the sensor stops by itself, all workers together; what a last burst holds beyond it is left
    /// out.
    /// </summary>
    public long PacketLimit { get; init; } = long.MaxValue;

    /// <summary>
    /// Gets how long the sensor may take to end once it is to stop: for records that still wait for their outputs.
    /// </summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets whether each worker's thread keeps to one core, where there are more cores than workers.</summary>
    public bool PinsWorkers { get; init; } = true;

    /// <summary>
    /// Gets whether a sink's thread is woken for each burst's records, not up to 10 ms later; for sinks that write to
    /// their medium themselves.
    /// </summary>
    public bool LowLatency { get; init; }

    /// <summary>Gets the plans of the process, of which the sensor's is the first; null where it is the only one.
    /// </summary>
    public ServedPlans? Plans { get; init; }

    /// <summary>Gets the flows whose packets are to be kept; null for none.</summary>
    public FlowDumpOptions? Dump { get; init; }

    /// <summary>Gets where records can be followed as they are made; null for nowhere.</summary>
    public RecordTap? Tap { get; init; }
}
