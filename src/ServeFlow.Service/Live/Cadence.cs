namespace ServeFlow.Service.Live;

/// <summary>
/// Tells when something that is done at intervals is due. What is a little late stays in step. What was missed
/// altogether, while a process was stopped or its machine slept, is not made up for. Times are those since a start: a
/// clock that is set changes none of them.
/// </summary>
public struct Cadence
{
    TimeSpan due;

    /// <summary>Creates one that is due for the first time an interval after the start.</summary>
    public static Cadence After(TimeSpan interval) => new() { due = interval };

    /// <summary>Determines whether it is time.</summary>
    public readonly bool IsDue(TimeSpan now) => now >= due;

    /// <summary>Begins anew: the next time is an interval from now.</summary>
    public void Restart(TimeSpan now, TimeSpan interval) => due = now + interval;

    /// <summary>Plans the next time, now that it has been done.</summary>
    public void Step(TimeSpan now, TimeSpan interval) => due = now - due < interval ? due + interval : now + interval;
}
