using System.Diagnostics;

namespace ServeFlow.Serving.Sensors;

/// <summary>Wakes the thread when records come, so that none waits until it looks again by itself.</summary>
public sealed partial class SinkThread
{
    /// <summary>
    /// Limits how long records wait for a thread that is awake before their worker gives way once: 0.2 ms. The thread
    /// takes a burst's records in a tenth of that.
    /// </summary>
    static readonly long PatienceTicks = Stopwatch.Frequency / 5000;

    /// <summary>Wakes the thread; null where it looks by itself alone.</summary>
    readonly AutoResetEvent? wake;

    /// <summary>[worker]: how far the thread has come with its records, as the worker saw it.</summary>
    readonly SinkProgress[] progress;

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
            progress[worker] = new(queues[worker].Released, Stopwatch.GetTimestamp(), HasGivenWay: false);
            Volatile.Write(ref isAsleep, false);
            wake.Set();
        }
        else
        {
            GiveWay(worker);
        }
    }

    /// <summary>
    /// Leaves the core once where the thread has taken no record for a while: it may be waiting for this very core. The
    /// kernel looks at who is to run when a thread wakes and then at its ticks alone, milliseconds apart, and a worker
    /// that looks for packets all the time never sleeps. Once, because a disk may be what the thread waits for.
    /// </summary>
    void GiveWay(int worker)
    {
        ref var seen = ref progress[worker];
        var released = queues[worker].Released;
        if (released != seen.Released)
        {
            seen = new(released, Stopwatch.GetTimestamp(), HasGivenWay: false);
        }
        else if (!seen.HasGivenWay && Stopwatch.GetTimestamp() - seen.SinceTicks > PatienceTicks)
        {
            seen = seen with { HasGivenWay = true };
            Thread.Yield();
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

    /// <summary>Holds what a worker saw of the thread's progress with its records.</summary>
    /// <param name="Released">Records that the thread had done with.</param>
    /// <param name="SinceTicks">When that number was new, by the stopwatch.</param>
    /// <param name="HasGivenWay">Whether the worker has given way since.</param>
    readonly record struct SinkProgress(long Released, long SinceTicks, bool HasGivenWay);
}
