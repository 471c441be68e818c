using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;

namespace ServeFlow.Service.Live;

/// <summary>
/// Keeps what a sensor has counted over the last hour: each second of the last five minutes, and each minute before.
/// Its memory is bounded. Written by one thread, read by any. Samples are taken by the time since the start: a clock
/// that is set back an hour must not end them for that hour.
/// </summary>
/// <param name="plans">The plans that answer.</param>
public sealed class SensorHistory(ServedPlans plans)
{
    /// <summary>One more than the seconds and minutes that are shown: rates are differences.</summary>
    const int Seconds = 301;

    const int Minutes = 61;

    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly Lock gate = new();
    readonly Queue<SensorSample> seconds = new(Seconds);
    readonly Queue<SensorSample> minutes = new(Minutes);
    Cadence everySecond;
    Cadence everyMinute;

    /// <summary>Gets the names of the labels, and <c>unknown</c> at the end.</summary>
    public IReadOnlyList<string> Labels => [.. plans.Labels, Classification.UnknownLabel];

    /// <summary>Gets the names of the tiers.</summary>
    public IReadOnlyList<string> Tiers => plans.TierNames;

    /// <summary>Determines whether a second has passed since the last sample.</summary>
    public bool IsDue(TimeSpan elapsed) => everySecond.IsDue(elapsed);

    /// <summary>Adds what the sensor has counted up to now.</summary>
    public void Add(SensorSample sample)
    {
        lock (gate)
        {
            Append(seconds, Seconds, sample);
            everySecond.Step(sample.Elapsed, Second);
            if (everyMinute.IsDue(sample.Elapsed))
            {
                Append(minutes, Minutes, sample);
                everyMinute.Step(sample.Elapsed, Minute);
            }
        }
    }

    /// <summary>Gets the samples of each second, or of each minute, oldest first.</summary>
    public IReadOnlyList<SensorSample> Read(bool byMinute)
    {
        lock (gate)
        {
            return [.. byMinute ? minutes : seconds];
        }
    }

    static void Append(Queue<SensorSample> ring, int most, SensorSample sample)
    {
        if (ring.Count == most)
        {
            ring.Dequeue();
        }

        ring.Enqueue(sample);
    }
}
