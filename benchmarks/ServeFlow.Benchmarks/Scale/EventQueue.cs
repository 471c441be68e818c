namespace ServeFlow.Benchmarks.Scale;

/// <summary>
/// Runs what happens in the order of its time. Times are nanoseconds since the start. What falls on the same nanosecond
/// runs in the order in which it was planned, so that a run is the same every time.
/// </summary>
sealed class EventQueue
{
    readonly PriorityQueue<Action, (long At, long Order)> events = new();
    long planned;

    /// <summary>Gets the simulated time in nanoseconds.</summary>
    public long Now { get; private set; }

    /// <summary>Plans an action for a time in nanoseconds from now.</summary>
    public void After(double nanoseconds, Action action) =>
        events.Enqueue(action, (Now + Math.Max(0, (long)nanoseconds), planned++));

    /// <summary>Runs everything that is planned up to a time.</summary>
    public void RunUntil(long end)
    {
        while (events.TryPeek(out var action, out var due) && due.At <= end)
        {
            events.Dequeue();
            Now = due.At;
            action();
        }

        Now = end;
    }
}
