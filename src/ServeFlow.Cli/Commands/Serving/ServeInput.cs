using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Filters;
using ServeFlow.Packets.Live;
using ServeFlow.Serving.Sources;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Opens the sources of a sensor's packets: interfaces, or captures that are replayed.</summary>
sealed class ServeInput : IDisposable
{
    readonly IReadOnlyList<ILiveSource> links = [];
    readonly CaptureSequence? captures;
    readonly CancellationTokenSource stop;

    ServeInput(IReadOnlyList<SensorSource> sources, IReadOnlyList<ILiveSource> links, CaptureSequence? captures,
        CancellationTokenSource stop)
    {
        this.stop = stop;
        Sources = sources;
        this.links = links;
        this.captures = captures;
        Links = new(links);
    }

    /// <summary>Gets one source for each worker.</summary>
    public IReadOnlyList<SensorSource> Sources { get; }

    public bool IsLive => links.Count > 0;

    /// <summary>Gets what happens to the interfaces; none of a replay.</summary>
    public ServeLinks Links { get; }

    /// <summary>Gets the outcomes of the captures; empty on a link.</summary>
    public IReadOnlyList<CaptureOutcome> Outcomes => captures?.Outcomes ?? [];

    /// <summary>Gets the files of the directory that are not replayed.</summary>
    public SkippedFiles Skipped { get; private init; } = new();

    /// <summary>Computes what has become of the files so far.</summary>
    public CaptureAccount CountFiles()
    {
        var files = new CaptureAccount(Skipped.Clone());
        foreach (var outcome in Outcomes)
        {
            files.Add(outcome);
        }

        return files;
    }

    /// <summary>Ends the wait for a pipe that is silent: the sensor is to stop.</summary>
    public void Stop() => stop.Cancel();

    /// <summary>The sources belong to the sensor.</summary>
    public void Dispose()
    {
        Links.Dispose();
        stop.Dispose();
    }

    /// <exception cref="InputException">It cannot be opened.</exception>
    public static ServeInput Open(ServeOptions options) =>
        options.Read is { } path ? Replay(options, path) : OpenInterfaces(options);

    /// <summary>Reads what the kernel counted at each interface, all workers together.</summary>
    public IEnumerable<(string Interface, CaptureCounters Counters)> ReadCounters()
    {
        for (var i = 0; links.Count > 0 && i < links[0].Interfaces.Count; i++)
        {
            var number = i;
            yield return (links[0].Interfaces[i], links.Select(link => link.ReadCounters(number))
                .Aggregate(default(CaptureCounters), (sum, counters) => sum + counters));
        }
    }

    /// <summary>Sums what the kernel counted over all interfaces; zeros of a replay.</summary>
    public CaptureCounters SumCounters() =>
        ReadCounters().Aggregate(default(CaptureCounters), (sum, entry) => sum + entry.Counters);

    static ServeInput OpenInterfaces(ServeOptions options)
    {
        var links = LiveCapture.Open(new()
        {
            Interfaces = options.Interfaces,
            Filter = options.Filter,
            SnapLength = options.SnapLength,
            RingBytes = options.RingBytes,
            Workers = options.Workers,
            Promiscuous = options.Promiscuous,
            Backend = options.Backend,
            LowLatency = options.LowLatency,
            WaitsForInterfaces = options.Daemon.Wait == Timeout.InfiniteTimeSpan,
            ClockNs = SensorSource.ClockNs,
        });
        return new([.. links.Select(SensorSource.FromInterface)], links, null, new());
    }

    /// <summary>Every worker reads all captures and takes its share of the flows.</summary>
    static ServeInput Replay(ServeOptions options, string path)
    {
        if (options.Workers > 1 && (path == CaptureFile.StandardInput || IsPipe(path)))
        {
            throw new InputException($"-r {path}: a pipe can be read once only: leave --workers out");
        }

        var set = CaptureSet.Find(path, options.Expansion);
        var stop = new CancellationTokenSource();
        var all = Enumerable.Range(0, options.Workers)
            .Select(_ => new CaptureSequence(set.Captures) { Stop = stop.Token }).ToList();
        return new([.. all.Select((captures, i) => Share(captures, i, options))], [], all[0], stop)
        {
            Skipped = set.Skipped,
        };
    }

    static bool IsPipe(string path) => FileStatus.IsPipe(path);

    static SensorSource Share(CaptureSequence captures, int worker, ServeOptions options)
    {
        IPacketSource chosen = string.IsNullOrWhiteSpace(options.Filter)
            ? captures
            : new FilteredSource(captures, PacketFilter.Compile(options.Filter));
        var paced = double.IsInfinity(options.Speed) ? null : new PacedSource(chosen, options.Speed);
        var packets = paced ?? chosen;
        return new(options.Workers > 1 ? new SharedSource(packets, worker, options.Workers) : packets)
        {
            IdleClockNs = paced is null ? null : () => paced.NowNs,
            SubscribeToCaptureNames = captures.OnCapture,
        };
    }
}
