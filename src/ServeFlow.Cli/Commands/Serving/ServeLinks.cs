using ServeFlow.Cli.Commands.Daemon;
using ServeFlow.Packets.Live;
using ServeFlow.Packets.Live.Watching;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Says what happens to the interfaces of a sensor, a line for each change, and counts it.</summary>
sealed class ServeLinks : IDisposable
{
    readonly IReadOnlyList<ILiveSource> sources;
    readonly LinkWatch watch;
    readonly long[] opened;
    readonly string?[] problems;

    /// <param name="sources">One for each worker; none for a replay.</param>
    public ServeLinks(IReadOnlyList<ILiveSource> sources)
    {
        this.sources = sources;
        watch = LinkWatch.Open(sources is [var first, ..] ? first.Interfaces : []);
        opened = [.. watch.Links.Select((_, place) => CountOpened(place))];
        problems = new string?[watch.Links.Count];
    }

    /// <summary>Returns what is to be said once packets are taken; nothing for a replay.</summary>
    public IEnumerable<string> Begin()
    {
        if (sources.Count == 0)
        {
            yield break;
        }

        if (opened.Any(count => count > 0))
        {
            yield return Listening(string.Join(", ", sources[0].Interfaces.Where((_, place) => opened[place] > 0)));
        }

        if (InterfaceWait.Find(watch.Links.Where((_, place) => opened[place] == 0)) is [_, ..] awaited)
        {
            yield return $"waiting for {string.Join(", ", awaited)}";
        }

        if (!watch.IsListening)
        {
            yield return "the system does not tell when an interface goes down or comes back";
        }

        foreach (var link in watch.Links.Where(link => link.State == LinkState.NoCarrier))
        {
            yield return $"{link.Name}: no carrier: nothing arrives until the other side is connected";
        }
    }

    /// <summary>Returns what has happened since the last call.</summary>
    public IEnumerable<string> Changes()
    {
        foreach (var change in watch.Read())
        {
            yield return Describe(change);
        }

        for (var i = 0; i < opened.Length; i++)
        {
            var (before, now) = (opened[i], CountOpened(i));
            opened[i] = now;
            if (now > before)
            {
                yield return before == 0 ? Listening(watch.Links[i].Name) : $"listening on {watch.Links[i].Name} again";
            }
        }
    }

    /// <summary>Returns why interfaces cannot be listened to that came since the last call.</summary>
    public IEnumerable<string> Problems()
    {
        for (var i = 0; i < problems.Length; i++)
        {
            var (before, now) = (problems[i], FindProblem(i));
            problems[i] = now;
            if (now is not null && now != before)
            {
                var name = $"{watch.Links[i].Name}: ";
                yield return now.StartsWith(name, StringComparison.Ordinal) ? now : name + now;
            }
        }
    }

    /// <summary>Returns one line for each interface to which something happened, for the end.</summary>
    public IEnumerable<string> Summary() => watch.Links
        .Where(link => link.WentDown + link.CameUp + link.Vanished + link.MadeAnew > 0)
        .Select(link => $"{link.Name}: went down {link.WentDown:N0}, came back {link.CameUp:N0}, "
            + $"vanished {link.Vanished:N0}, made anew {link.MadeAnew:N0} times");

    /// <summary>Returns the interfaces that carry nothing now, for the line of statistics.</summary>
    public IEnumerable<string> Impaired() => watch.Links.Where((_, place) => !CarriesPackets(place))
        .Select(link => $"{link.Name} {(link.State == LinkState.Up ? "not listened to" : Describe(link.State))}");

    /// <summary>Gets each interface and whether it carries packets now.</summary>
    public IEnumerable<(string Name, bool IsUp)> States() =>
        watch.Links.Select((link, place) => (link.Name, CarriesPackets(place)));

    /// <summary>Reads the counts of an interface.</summary>
    public LinkCounts ReadCounts(int place)
    {
        var link = watch.Links[place];
        return new(ServeFlow.Telemetry.SnakeCase.From(link.State), link.WentDown, link.CameUp, link.Vanished,
            link.MadeAnew, Math.Max(0, CountOpened(place) - 1));
    }

    public void Dispose() => watch.Dispose();

    /// <summary>Determines whether an interface is up, and every worker listens to it.</summary>
    bool CarriesPackets(int place) =>
        watch.Links[place].State == LinkState.Up && sources.All(source => source.IsListening(place));

    /// <summary>Every worker listens again for itself; what all do counts.</summary>
    long CountOpened(int place) => sources.Min(source => source.CountOpened(place));

    /// <summary>Finds why a worker cannot listen to an interface that is there.</summary>
    string? FindProblem(int place) =>
        sources.Select(source => source.FindProblem(place)).FirstOrDefault(problem => problem is not null);

    string Listening(string names) =>
        $"listening on {names} ({ServeFlow.Telemetry.SnakeCase.From(sources[0].Backend)})";

    static string Describe(LinkEvent change) => change.Change switch
    {
        LinkChange.WentDown => $"{change.Interface}: went down ({Describe(change.State)}); waiting for it",
        LinkChange.CameUp => $"{change.Interface}: came back",
        LinkChange.Vanished => $"{change.Interface}: gone; listening again when it is made anew",
        LinkChange.Appeared => $"{change.Interface}: appeared ({Describe(change.State)})",
        _ => $"{change.Interface}: made anew ({Describe(change.State)})",
    };

    static string Describe(LinkState state) => state switch
    {
        LinkState.Up => "up",
        LinkState.NoCarrier => "no carrier",
        LinkState.Down => "down",
        _ => "gone",
    };
}

/// <summary>Tells how an interface is, and what has happened to it.</summary>
/// <param name="State">up, no_carrier, down or gone.</param>
/// <param name="Reopened">How often capturing began again on one that was made anew.</param>
sealed record LinkCounts(string State, long WentDown, long CameUp, long Vanished, long MadeAnew, long Reopened);
