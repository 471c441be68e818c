using ServeFlow.Packets;

namespace ServeFlow.Serving.Sources;

/// <summary>Represents a worker's source in a sensor.</summary>
/// <param name="Packets">Belongs to the sensor from then on, which disposes of it.</param>
public sealed record SensorSource(IPacketSource Packets)
{
    /// <summary>
    /// Specifies how far time stays behind the clock on a quiet link. A packet lies in the kernel for at most 10 ms
    /// before it is handed over; the rest is for a sensor that is not scheduled.
    /// </summary>
    const long MarginNs = 100_000_000;

    /// <summary>
    /// The packet time that has surely come when the source has nothing to hand over; null where time moves with
    /// packets alone. With it, wait limits and idle timeouts fire though nothing comes.
    /// </summary>
    public Func<long>? IdleClockNs { get; init; }

    /// <summary>
    /// Gets whether the packets' times come from a clock that may be set while they are taken; captures have been
    /// looked after already.
    /// </summary>
    public bool HasLiveClock { get; init; }

    /// <summary>Takes what is to be called with the name of each capture before its first packet.</summary>
    public Action<Action<string>>? SubscribeToCaptureNames { get; init; }

    /// <summary>Returns a link, whose packets bear the clock's time.</summary>
    public static SensorSource FromInterface(IPacketSource packets) =>
        new(packets) { IdleClockNs = () => ClockNs() - MarginNs, HasLiveClock = true };

    /// <summary>Reads the clock that the kernel stamps packets by: ns since the Unix epoch.</summary>
    public static long ClockNs() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
}
