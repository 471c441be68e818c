namespace ServeFlow.Serving.Sensors;

/// <summary>Wakes the thread when records come, so that none waits until it looks again by itself.</summary>
public sealed partial class SinkThread
{
    /// <summary>Null where the thread looks by itself alone.</summary>
    readonly AutoResetEvent? wake;

    bool isAsleep;

    /// <summary>
    /// A worker has handed on a burst's records. It pays for waking the thread only where that sleeps and has records.
    /// </summary>
    public void Wake(int worker)
    {
        if (wake is null || queues[worker].Count == 0)
        {
            return;
        }

        Interlocked.MemoryBarrier(); // the records are seen by whoever fell asleep before this
        if (Volatile.Read(ref isAsleep))
        {
            Volatile.Write(ref isAsleep, false);
            wake.Set();
        }
    }

    /// <summary>Sleeps until records come, or for so long where nobody wakes the thread.</summary>
    void Pause(TimeSpan most)
    {
        if (wake is null)
        {
            Thread.Sleep(most);
            return;
        }

        Volatile.Write(ref isAsleep, true);
        Interlocked.MemoryBarrier(); // records that came before this are seen here
        if (!Array.Exists(queues, queue => queue.Count > 0))
        {
            wake.WaitOne(most);
        }

        Volatile.Write(ref isAsleep, false);
    }
}
