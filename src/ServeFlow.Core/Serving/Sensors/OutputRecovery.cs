using System.Diagnostics;

namespace ServeFlow.Serving.Sensors;

/// <summary>
/// The life of one output whose medium may fail: it is written; after a failure it fails until a later try succeeds;
/// in the end it may be given up. Spaces the tries, tells each change of state in one line, and keeps the account:
/// every item that was handed over is written, pending or failed. What happens to items while the output fails is for
/// its owner to decide: one waits in <see cref="Retry"/>, another drops items until <see cref="IsDue"/>.
/// The owner's thread changes the state; any thread may read it and call <see cref="Stop"/>.
/// </summary>
/// <param name="name">Name of the output, which begins every line that is told.</param>
/// <param name="consequence">What happens to items while the output fails, as a clause of the line that says
/// so.</param>
/// <param name="delays">Delays between tries.</param>
/// <param name="say">Receives the lines, on the owner's thread.</param>
sealed class OutputRecovery(string name, string consequence, RetryDelays delays, Action<string> say)
{
    TimeSpan delay = delays.First;
    long dueAt;
    long stopEnds;
    long handed;
    long written;
    long failed;
    long failures;
    volatile OutputState state;
    volatile bool isStopping;
    volatile bool isHurried;

    public OutputState State => state;

    /// <summary>Gets whether <see cref="Stop"/> was called: no further items will come.</summary>
    public bool IsStopping => isStopping;

    /// <summary>Gets whether the output may be tried now, because it does not fail or its next try is due.</summary>
    public bool IsDue => state == OutputState.Writing
        || (state == OutputState.Failing && Stopwatch.GetTimestamp() >= dueAt);

    /// <summary>Determines whether a try has held for as long as the output was left alone before it.</summary>
    /// <param name="since">When it began to hold, as <see cref="Stopwatch.GetTimestamp"/> tells it.</param>
    public bool HasHeld(long since) => Stopwatch.GetElapsedTime(since) >= delay;

    /// <summary>Gets how many items the output was given.</summary>
    public long Handed => Interlocked.Read(ref handed);

    /// <summary>Gets how many items have reached the medium.</summary>
    public long Written => Interlocked.Read(ref written);

    /// <summary>Gets how many items the medium did not take and never will.</summary>
    public long Failed => Interlocked.Read(ref failed);

    /// <summary>Gets how many attempts have failed.</summary>
    public long Failures => Interlocked.Read(ref failures);

    /// <summary>Counts items that are given to the output.</summary>
    public void Hand(long items) => Interlocked.Add(ref handed, items);

    /// <summary>Brings the account up to date; what an output that was given up still holds counts as failed.</summary>
    /// <param name="nowWritten">Items that have reached the medium so far.</param>
    /// <param name="pending">Items that the output holds and may still write.</param>
    public void UpdateAccount(long nowWritten, long pending)
    {
        if (state == OutputState.GivenUp)
        {
            (nowWritten, pending) = (Written, 0);
        }

        Interlocked.Exchange(ref written, nowWritten);
        Interlocked.Exchange(ref failed, Handed - nowWritten - pending);
    }

    /// <summary>Counts an attempt that failed without changing the state.</summary>
    public void CountFailure() => Interlocked.Increment(ref failures);

    /// <summary>An attempt has failed; the next is due after a delay, which grows from failure to failure.</summary>
    public void Fail(Exception error)
    {
        CountFailure();
        var isFirst = state == OutputState.Writing;
        delay = isFirst ? delays.First : delays.After(delay);
        dueAt = Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency);
        if (isFirst)
        {
            state = OutputState.Failing;
            say($"{name}: cannot be written: {error.Message.TrimEnd('.')}; {consequence}; trying again");
        }
    }

    /// <summary>Tries again, whenever that is due, until an attempt succeeds.</summary>
    /// <returns>False when the output was stopped and its grace has run out.</returns>
    public bool Retry(Action attempt)
    {
        while (WaitUntilDue())
        {
            try
            {
                attempt();
                return true;
            }
            catch (Exception e) when (e.IsFileFailure)
            {
                Fail(e);
            }
        }

        return false;
    }

    /// <summary>Waits until the next try is due; once stopped, only a moment.</summary>
    /// <returns>False when the output was stopped and its grace has run out.</returns>
    public bool WaitUntilDue()
    {
        while (!isStopping && !IsDue && !isHurried)
        {
            Thread.Sleep(delays.First);
        }

        isHurried = false;

        if (!isStopping)
        {
            return true;
        }

        Thread.Sleep(delays.First);
        return Stopwatch.GetTimestamp() < Volatile.Read(ref stopEnds);
    }

    /// <summary>Something has changed that may help: the next try is due now. From any thread.</summary>
    public void Hurry() => isHurried = true;

    /// <summary>An attempt has succeeded, which ends a failure.</summary>
    /// <param name="losses">What was lost so far, as a clause.</param>
    public void Succeed(string losses)
    {
        if (state == OutputState.Failing)
        {
            state = OutputState.Writing;
            say($"{name}: is written again; {losses} so far");
        }
    }

    /// <summary>There will be no further try.</summary>
    public void GiveUp(Exception error)
    {
        state = OutputState.GivenUp;
        say($"{name}: given up: {error.Message.TrimEnd('.')}");
    }

    /// <summary>
    /// Gives what is pending <paramref name="grace"/> to be written, which may be infinite. From any thread; said
    /// again, the latest grace counts.
    /// </summary>
    public void Stop(TimeSpan grace)
    {
        Volatile.Write(ref stopEnds, grace == Timeout.InfiniteTimeSpan ? long.MaxValue
            : Stopwatch.GetTimestamp() + (long)(grace.TotalSeconds * Stopwatch.Frequency));
        isStopping = true;
    }
}

/// <summary>Tells whether an output can be written.</summary>
enum OutputState
{
    /// <summary>The latest attempt succeeded.</summary>
    Writing,

    /// <summary>The latest attempt failed, and there will be another.</summary>
    Failing,

    /// <summary>There will be no further attempt.</summary>
    GivenUp,
}

/// <summary>Gives how long a failing output is left alone: twice as long from try to try, up to a limit.</summary>
/// <param name="First">Delay after the first failure.</param>
/// <param name="Longest">Longest delay.</param>
readonly record struct RetryDelays(TimeSpan First, TimeSpan Longest)
{
    public TimeSpan After(TimeSpan delay) => delay < Longest / 2 ? 2 * delay : Longest;
}
