using System.Diagnostics;

namespace ServeFlow.Cli.Commands.Daemon;

/// <summary>
/// Keeps the service manager informed about a running sensor, called often by the thread that watches over it. The
/// manager hears that all is well only while that thread runs and every worker goes on asking for packets, so a worker
/// that is stuck is noticed by the watchdog.
/// </summary>
/// <param name="bursts">Gives how often each worker has asked for packets; empty where workers may rightly wait, as for
/// a capture on standard input.</param>
/// <param name="status">Gives the line of status.</param>
/// <param name="warn">Takes a message about a worker that is stuck.</param>
sealed class SensorNotices(ServiceManager manager, Func<IReadOnlyList<long>> bursts, Func<string> status,
    Action<string> warn)
{
    /// <summary>The line of status is fresh to this.</summary>
    static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(5);

    IReadOnlyList<long> before = [];
    long lastAlive = Stopwatch.GetTimestamp();
    long? lastStatus;
    bool hasWarned;
    bool isStopping;

    /// <summary>Packets are taken, or waited for.</summary>
    public void Ready() => manager.Ready();

    /// <summary>The configuration is read again, until <see cref="Ready"/>.</summary>
    public void Reloading() => manager.Reloading();

    /// <summary>No more packets are taken; may be said again.</summary>
    public void Stopping()
    {
        if (!isStopping)
        {
            isStopping = true;
            manager.Stopping("writing the last records");
        }
    }

    /// <summary>Reports what is due.</summary>
    public void Step()
    {
        if (!manager.IsListening)
        {
            return;
        }

        if (!isStopping && (lastStatus is not { } last || Stopwatch.GetElapsedTime(last) >= StatusInterval))
        {
            lastStatus = Stopwatch.GetTimestamp();
            manager.Status(status());
        }

        var silence = Stopwatch.GetElapsedTime(lastAlive);
        if (manager.Watchdog is { } limit && silence >= limit / 4)
        {
            Report(silence, limit);
        }
    }

    void Report(TimeSpan silence, TimeSpan limit)
    {
        var now = bursts();
        var stuck = isStopping ? -1 : FindStuck(now);
        if (stuck < 0)
        {
            (before, lastAlive, hasWarned) = (now, Stopwatch.GetTimestamp(), false);
            manager.Alive();
        }
        else if (silence >= limit / 2 && !hasWarned)
        {
            hasWarned = true;
            warn($"worker {stuck} has asked for no packets for {silence.TotalSeconds:F0} s; if it is stuck for "
                + $"{limit.TotalSeconds:F0} s, the service manager restarts the sensor");
        }
    }

    /// <summary>Gets the first worker that stands still since the last good report; -1 where none does.</summary>
    int FindStuck(IReadOnlyList<long> now)
    {
        for (var i = 0; i < now.Count; i++)
        {
            if (i < before.Count && now[i] == before[i])
            {
                return i;
            }
        }

        return -1;
    }
}
