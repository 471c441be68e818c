using ServeFlow.Sinks;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Files;
using ServeFlow.Telemetry;

namespace ServeFlow.Serving.Sensors;

/// <summary>Represents a sink of a sensor, and how it is to be fed.</summary>
/// <param name="Name">As statistics and complaints call it.</param>
/// <param name="Sink">Belongs to the sensor from then on, which disposes of it.</param>
public sealed record SensorSink(string Name, IRecordSink Sink)
{
    /// <summary>
    /// Records that may wait per worker. By default 9 MB: a good deal more than a burst, and still in the cache.
    /// </summary>
    public int Capacity { get; init; } = 1 << 15;

    /// <summary>Gets whether workers wait for room instead of losing records: for sources that can wait.</summary>
    public bool Lossless { get; init; }

    /// <summary>
    /// Gets whether a medium that fails is tried again; if not, the sink is given up at its first failure.
    /// </summary>
    public bool Retries { get; init; } = true;

    /// <summary>
    /// Gets whether it takes both answers of the flows that a shadow disagrees on, and no other record.
    /// </summary>
    public bool IsForDisagreements { get; init; }

    /// <summary>
    /// Gets who delivers what the sink writes, where it writes to a spool; null where it writes to its medium.
    /// </summary>
    public SpoolDelivery? Delivery { get; init; }

    /// <summary>Called on the sink's thread when it is given up.</summary>
    public Action<Exception>? OnGivenUp { get; init; }
}

/// <summary>
/// Counts what became of the records of one sink. Once the sensor has stopped, every record that the workers gave it is
/// in exactly one of <see cref="Written"/>, <see cref="Failed"/>, <see cref="Lost"/> and <see cref="LeftOut"/>.
/// </summary>
/// <param name="Name">The name of the sink.</param>
/// <param name="Written">Records that reached the medium.</param>
/// <param name="Failed">Records that the medium did not take.</param>
/// <param name="LostPredictions">Predictions that found the queue full.</param>
/// <param name="LostEnds">Ends of flows that found the queue full.</param>
/// <param name="Failures">Attempts to write that failed.</param>
/// <param name="Waiting">Records in the queues, and those that the sink holds and may still write.</param>
/// <param name="Capacity">Records that the queues can hold.</param>
public sealed record SinkStatistics(string Name, long Written, long Failed, long LostPredictions, long LostEnds,
    long Failures, long Waiting, long Capacity)
{
    public long Lost => LostPredictions + LostEnds;

    /// <summary>Gets whether the latest attempt to write failed, or the sink was given up.</summary>
    public bool IsFailing { get; init; }

    /// <summary>
    /// Gets what became of the records in the spool, of which those written are a part; null where there is none.
    /// </summary>
    public DeliveryStatistics? Delivery { get; init; }

    /// <summary>Gets the records that a bound left out, by reason; null where the sink has none.</summary>
    public Tally<LeftOutReason>? LeftOut { get; init; }
}
