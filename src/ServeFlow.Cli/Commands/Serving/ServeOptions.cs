using ServeFlow.Cli.Commands.Daemon;
using ServeFlow.Cli.Commands.Logs;
using ServeFlow.Cli.Commands.Serving.Delivery;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cluster;
using ServeFlow.Packets.Captures.Compression;
using ServeFlow.Packets.Live;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Sinks.Files;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Holds one run of <c>serve</c>, as it was asked for.</summary>
sealed record ServeOptions
{
    /// <summary>Gets the path of a bundle, of a version of one, or of a repository of bundles.</summary>
    public required string Bundle { get; init; }

    /// <summary>Gets which model of a repository answers first; null for the only one.</summary>
    public string? Model { get; init; }

    /// <summary>Gets each of several tasks and the path of its bundle; empty where one bundle answers.</summary>
    public IReadOnlyList<(string Task, string Path)> Tasks { get; init; } = [];

    /// <summary>Gets which models are tried beside it.</summary>
    public ModelTrials Trials { get; init; } = new();

    /// <summary>Gets which tier another server computes; null where all is computed here.</summary>
    public RemoteTierOptions? Remote { get; init; }

    /// <summary>Gets what reads the cluster that computes the last tier, certificates and all; null for none.</summary>
    public Func<ClusterTierOptions>? Cluster { get; init; }

    /// <summary>Gets the links; empty where a capture is replayed.</summary>
    public required IReadOnlyList<string> Interfaces { get; init; }

    /// <summary>Gets a capture to replay; null where interfaces are listened on.</summary>
    public required string? Read { get; init; }

    /// <summary>Gets what compressed captures may expand to; null for the usual.</summary>
    public ExpansionLimit? Expansion { get; init; }

    /// <summary>Gets how many times faster than captured; infinite for as fast as it goes.</summary>
    public required double Speed { get; init; }

    public required string? Filter { get; init; }

    public required int Workers { get; init; }

    public required long PacketLimit { get; init; }

    /// <summary>Gets when flows end and how many there may be; the bundle's rules by default.</summary>
    public FlowRequest Flows { get; init; } = new();

    public required int SnapLength { get; init; }

    public required long RingBytes { get; init; }

    public required bool Promiscuous { get; init; }

    public required CaptureBackend Backend { get; init; }

    /// <summary>Gets whether packets and records are handed on at once, at the price of a core that looks for them.
    /// </summary>
    public bool LowLatency { get; init; }

    public required TimeSpan? Duration { get; init; }

    /// <summary>Gets how long outputs may take at the end for the records that still wait.</summary>
    public required TimeSpan StopTimeout { get; init; }

    public required ServeSinkOptions Sinks { get; init; }

    public required ServeDumpOptions Dump { get; init; }

    /// <summary>Zero for no statistics until the end.</summary>
    public required TimeSpan StatisticsInterval { get; init; }

    /// <summary>Gets whether statistics are messages too, where standard error is no terminal.</summary>
    public required bool ShowsStatistics { get; init; }

    /// <summary>Gets how it starts as a part of a system.</summary>
    public DaemonOptions Daemon { get; init; } = new(null, TimeSpan.Zero);

    public required LogLevel LogLevel { get; init; }

    public required LogFormat LogFormat { get; init; }

    /// <summary>Gets where HTTP is served; empty for nowhere.</summary>
    public required ServeHttpOptions Http { get; init; }

    public required string? StatisticsFile { get; init; }

    public required bool Json { get; init; }
}

/// <summary>Says what records a sensor writes, and where.</summary>
sealed record ServeSinkOptions
{
    /// <summary><c>-w</c> with <c>--format</c>: one more of the outputs below.</summary>
    public required string? Write { get; init; }

    public required string Format { get; init; }

    /// <summary>Gets whether the format was asked for: without <c>-w</c> it is that of standard output.</summary>
    public required bool FormatIsGiven { get; init; }

    public required string? Eve { get; init; }

    public required string? Csv { get; init; }

    public required string? Zeek { get; init; }

    public required string? Parquet { get; init; }

    public required bool NFStreamNames { get; init; }

    public required bool HasSafeCells { get; init; }

    public required ushort CommunityIdSeed { get; init; }

    /// <summary>Gets the number of records that may wait per worker and sink.</summary>
    public required int Queue { get; init; }

    /// <summary>Gets how each output is bounded.</summary>
    public RecordLimits Limits { get; init; } = new();

    /// <summary>Gets the receivers that records are delivered to, by format; an address is null where there is none.
    /// </summary>
    public IReadOnlyList<(string Format, string? Address)> Receivers { get; init; } = [];

    /// <summary>Gets how records are delivered.</summary>
    public DeliveryOptions Delivery { get; init; } = new();

    /// <summary>Gets outputs with settings of their own.</summary>
    public IReadOnlyList<ServeOutput> Items { get; init; } = [];

    /// <summary>Gets every output that was asked for; a bound that it has not itself is that of all.</summary>
    public IEnumerable<ServeOutput> Outputs => new[]
    {
        (Format, Write ?? (FormatIsGiven ? "-" : null)), (RecordFormat.Eve, Eve), (RecordFormat.Csv, Csv),
        (RecordFormat.Zeek, Zeek), (RecordFormat.Parquet, Parquet),
    }.Concat(Receivers).Where(output => output.Item2 is not null)
        .Select(output => new ServeOutput(output.Item1, output.Item2!)).Concat(Items)
        .Select(output => output with { Limits = Join(output.Limits) });

    RecordLimits Join(RecordLimits own) => own with
    {
        PerSecond = own.PerSecond ?? Limits.PerSecond,
        Bytes = own.Bytes ?? Limits.Bytes,
        OnePacketSample = own.OnePacketSample ?? Limits.OnePacketSample,
    };
}

/// <summary>Says which flows' packets are kept, and where.</summary>
sealed record ServeDumpOptions
{
    /// <summary>Filters of answers, any of which chooses a flow; empty for no such capture.</summary>
    public required IReadOnlyList<string> Filters { get; init; }

    public required string Directory { get; init; }

    /// <summary>Millions of bytes a file.</summary>
    public required int FileMegabytes { get; init; }

    /// <summary>Packet time a file; null without limit.</summary>
    public required TimeSpan? FileTime { get; init; }

    /// <summary>Gets the number of files that are kept; null for all.</summary>
    public required int? Files { get; init; }

    public required int BufferMebibytes { get; init; }
}
