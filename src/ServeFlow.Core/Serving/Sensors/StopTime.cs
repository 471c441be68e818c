using System.Diagnostics;

namespace ServeFlow.Serving.Sensors;

/// <summary>
/// The time that a sensor has from the moment it is to stop until it has ended, and how it is shared out. First workers
/// may wait for outputs that are full, each output for its share, so that one that is stuck leaves time for the others;
/// then outputs write what they were given. May be asked from any thread.
/// </summary>
/// <param name="limit">The whole time, unless less is given later.</param>
/// <param name="outputs">How many outputs share it.</param>
sealed class StopTime(TimeSpan limit, int outputs)
{
    /// <summary>Part of the time that is left for what comes after the outputs: the totals, the end of the process.
    /// </summary>
    const int ReserveDivisor = 32;

    readonly Lock gate = new();
    long begun;
    TimeSpan limit = limit;

    /// <summary>Gets whether the time runs.</summary>
    public bool HasBegun => Interlocked.Read(ref begun) != 0;

    /// <summary>Gets what is left of the time; infinite before it has begun, never negative after.</summary>
    public TimeSpan Left => Rest(1);

    /// <summary>Gets what is left for the workers: an eighth of the time is for the outputs alone.</summary>
    public TimeSpan LeftForWorkers => Rest(7.0 / 8);

    /// <summary>Gets how long a full output may hold up each worker, in all.</summary>
    public TimeSpan PerOutput => limit * 3 / 4 / Math.Max(outputs, 1);

    /// <summary>The time begins to run, unless it does already.</summary>
    public void Begin() => Interlocked.CompareExchange(ref begun, Math.Max(1, Stopwatch.GetTimestamp()), 0);

    /// <summary>The time runs, and ends <paramref name="left"/> from now if it would not before.</summary>
    public void EndWithin(TimeSpan left)
    {
        Begin();
        lock (gate)
        {
            var whole = Stopwatch.GetElapsedTime(Interlocked.Read(ref begun)) + left;
            limit = whole < limit ? whole : limit;
        }
    }

    TimeSpan Rest(double share)
    {
        if (!HasBegun)
        {
            return Timeout.InfiniteTimeSpan;
        }

        lock (gate)
        {
            var usable = (limit - (limit / ReserveDivisor)) * share;
            var left = usable - Stopwatch.GetElapsedTime(Interlocked.Read(ref begun));
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
