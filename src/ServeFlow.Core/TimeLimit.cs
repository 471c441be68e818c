using System.Diagnostics;

namespace ServeFlow;

/// <summary>Represents a time that several waits share: it runs from when this is made.</summary>
readonly struct TimeLimit(TimeSpan limit)
{
    readonly long begun = Stopwatch.GetTimestamp();

    /// <summary>Gets what is left of the time, never negative.</summary>
    public TimeSpan Left
    {
        get
        {
            var left = limit - Stopwatch.GetElapsedTime(begun);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
