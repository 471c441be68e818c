using System.Diagnostics;
using ServeFlow.Packets.Live.Watching;

namespace ServeFlow.Cli.Commands.Daemon;

/// <summary>
/// Waits for interfaces that do not exist yet, or are down, before a sensor starts. A sensor that is to wait for as
/// long as it takes starts at once, and listens to each when it comes.
/// </summary>
/// <param name="manager">Is told that the start takes longer, and why.</param>
/// <param name="say">Takes a message.</param>
sealed class InterfaceWait(ServiceManager manager, Action<string> say)
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <summary>Half of the time by which a start is extended, or less.</summary>
    static readonly TimeSpan ExtensionInterval = TimeSpan.FromSeconds(10);

    /// <summary>Finds the interfaces that cannot be listened to yet, and says of each why.</summary>
    public static IReadOnlyList<string> Find(IEnumerable<WatchedLink> links) =>
        [.. links.Where(link => link.State is LinkState.Gone or LinkState.Down).Select(Describe)];

    /// <summary>Waits until all interfaces are up, or the time is over; false where the sensor is to stop.</summary>
    /// <param name="limit">The most time to wait; none where it is infinite.</param>
    public bool Run(IReadOnlyList<string> names, TimeSpan limit, Func<bool> mustStop)
    {
        var start = Stopwatch.GetTimestamp();
        var missing = Find(names);
        if (missing.Count == 0 || limit == TimeSpan.Zero || limit == Timeout.InfiniteTimeSpan)
        {
            return true;
        }

        Say(missing);
        var extended = start;
        while (missing.Count > 0 && Stopwatch.GetElapsedTime(start) < limit)
        {
            if (mustStop())
            {
                return false;
            }

            if (Stopwatch.GetElapsedTime(extended) >= ExtensionInterval)
            {
                extended = Stopwatch.GetTimestamp();
                manager.ExtendStart();
            }

            Thread.Sleep(Step);
            var now = Find(names);
            if (!now.SequenceEqual(missing))
            {
                missing = now;
                Say(missing);
            }
        }

        return true;
    }

    void Say(IReadOnlyList<string> missing)
    {
        if (missing.Count > 0)
        {
            var line = "waiting for " + string.Join(", ", missing);
            say(line);
            manager.Status(line);
            manager.ExtendStart();
        }
    }

    static IReadOnlyList<string> Find(IReadOnlyList<string> names)
    {
        using var watch = LinkWatch.Open(names);
        return Find(watch.Links);
    }

    static string Describe(WatchedLink link) =>
        $"{InputException.Quote(link.Name)} ({(link.State == LinkState.Gone ? "does not exist yet" : "is down")})";
}
