namespace ServeFlow.Sinks;

/// <summary>
/// Says how long a full queue may hold its worker up, in all. The time is counted in pauses of a millisecond, so that
/// no clock is read; on a busy machine they last longer, and whoever set the limit may end the waiting at any moment.
/// </summary>
/// <param name="isUnlimited">Whether the worker waits as long as it takes until a limit is set, rather than not at
/// all.</param>
sealed class WaitAllowance(bool isUnlimited)
{
    const long Unlimited = long.MaxValue;
    const long Ended = -1;

    /// <summary>
    /// Milliseconds: a full queue lasts its reader for many, and spinning would take cycles from it where cores are
    /// shared.
    /// </summary>
    const int Pause = 1;

    long limit = isUnlimited ? Unlimited : 0;
    long pauses;

    /// <summary>Waits a moment, on the worker's thread.</summary>
    /// <returns>False, at once, when the allowance is used up.</returns>
    public bool TryWait()
    {
        if (pauses >= Interlocked.Read(ref limit))
        {
            return false;
        }

        Thread.Sleep(Pause);
        Volatile.Write(ref pauses, pauses + 1);
        return true;
    }

    /// <summary>Sets what may still be waited, in all, unless that was done before. From any thread.</summary>
    public void Limit(TimeSpan time)
    {
        Allow(time);
        Interlocked.CompareExchange(ref limit, Volatile.Read(ref pauses) + PausesIn(time), Unlimited);
    }

    /// <summary>Sets what may be waited, in all, where it was nothing. From any thread.</summary>
    public void Allow(TimeSpan time) => Interlocked.CompareExchange(ref limit, PausesIn(time), 0);

    /// <summary>Allows no wait from now on. From any thread.</summary>
    public void End() => Interlocked.Exchange(ref limit, Ended);

    static long PausesIn(TimeSpan time) => (long)(time.TotalMilliseconds / Pause);
}
