using System.Text.Json.Serialization;
using ServeFlow.Cascade;
using ServeFlow.Cli.Commands.Serving.Delivery;
using ServeFlow.Packets.Live;
using ServeFlow.Serving.Sensors;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>The counts that a sensor prints at any time.</summary>
record SensorDocument(long Packets, long ReceivedByFilter, DropCounts Dropped, long Tracked, long OutsideFlows,
    long Ignored, long Flows, long Active, long Undecided, long Overload, IReadOnlyList<TierLoad> Tiers,
    IReadOnlyList<InterfaceCounts> Interfaces, IReadOnlyList<SinkCounts> Sinks)
{
    /// <summary>Gets what became of the packets of chosen flows; left out where none are kept.</summary>
    [JsonPropertyName("dumped_packets")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FlowDumpStatistics? Dump { get; init; }

    /// <summary>Gets what became of flows that a remote tier was to answer, by outcome; left out where every tier is
    /// computed here.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, long>? Remote { get; init; }

    /// <summary>Gets how the traffic compares with that of training; left out where the bundle does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SensorDrift? Drift { get; init; }

    /// <summary>Gets the same for each of several tasks; left out where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, SensorDrift>? DriftByTask { get; init; }

    public static SensorDocument From(ServedPlans plans, SensorStatistics counts, ServeInput input)
    {
        var counters = input.SumCounters();
        return new(counts.Received, input.IsLive ? counters.Received : counts.Received,
            new(counters.DroppedByKernel, counters.DroppedByInterface), counts.Tracked, counts.Outside, counts.Ignored,
            counts.Created, counts.Active, counts.Undecided, counts.Overload,
            [.. plans.TierNames.Take(counts.DecisionsByTier.Count).Select((name, i) =>
                new TierLoad(name, counts.DecisionsByTier[i], counts.ShedByTier[i])
                {
                    Task = plans.Tasks > 1 ? plans.TierTasks[i] : null,
                })],
            [.. input.ReadCounters().Select((link, i) => InterfaceCounts.From(link.Interface, link.Counters,
                input.Links.ReadCounts(i)))],
            [.. counts.Sinks.Select(sink => new SinkCounts(sink.Name, sink.Written, sink.LostPredictions, sink.LostEnds,
                sink.Failed, sink.Waiting, sink.Failures)
            {
                LeftOut = sink.LeftOut?.ByName(),
                Spool = SpoolCounts.From(sink.Delivery),
            })])
        {
            Dump = counts.Dump,
            Drift = plans.Tasks == 1 ? SensorDrift.Loudest(counts.Drifts) : null,
            DriftByTask = SensorDrift.ByTask(plans, counts.Drifts),
        };
    }
}

/// <summary>Represents a line of <c>serve --stats-json</c>.</summary>
sealed record StatisticsDocument : SensorDocument
{
    public StatisticsDocument(SensorDocument counts) : base(counts)
    {
    }

    [JsonPropertyOrder(-1)]
    public required string Timestamp { get; init; }

    [JsonPropertyOrder(-1)]
    public required double Seconds { get; init; }

    [JsonPropertyOrder(-1)]
    public required double PacketsPerSecond { get; init; }

    [JsonPropertyOrder(-1)]
    public required double FlowsPerSecond { get; init; }
}

/// <summary>Represents the object that <c>serve --json</c> prints at its end.</summary>
sealed record SummaryDocument : SensorDocument
{
    public SummaryDocument(SensorDocument counts) : base(counts)
    {
    }

    [JsonPropertyOrder(-1)]
    public required double Seconds { get; init; }

    /// <summary>Gets the number of captures of a replay that were read; left out on a link.</summary>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Captures { get; init; }

    /// <summary>Gets the number of captures of a replay that are damaged and gave no packet; left out on a
    /// link.</summary>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Unreadable { get; init; }

    /// <summary>Gets the files that were found and not replayed; left out on a link.</summary>
    [JsonPropertyOrder(1)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SkippedDocument? Skipped { get; init; }

    [JsonPropertyOrder(1)]
    public required OrderedDictionary<string, long> Ended { get; init; }

    [JsonPropertyOrder(1)]
    public required OrderedDictionary<string, long> Odd { get; init; }

    /// <summary>Gets the number of TCP flows whose first packet was no SYN.</summary>
    [JsonPropertyOrder(1)]
    public required long BegunInTheMiddle { get; init; }

    /// <summary>Gets how many packets were seen a second time.</summary>
    [JsonPropertyOrder(1)]
    public required long Duplicates { get; init; }

    [JsonPropertyOrder(1)]
    public required OrderedDictionary<string, long> Reasons { get; init; }

    [JsonPropertyOrder(1)]
    public required bool Balances { get; init; }
}

/// <summary>Counts the packets that were dropped before they could be read.</summary>
sealed record DropCounts(long Kernel, long Interface);

/// <summary>Counts the answers of a tier, and those that it would have escalated but for the load.</summary>
sealed record TierLoad(string Name, long Decisions, long Shed)
{
    /// <summary>Gets the task that the tier answers; left out where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Task { get; init; }
}

/// <summary>Holds what the kernel counted at an interface, how it is, and what has happened to it.</summary>
sealed record InterfaceCounts(string Name, long Received, long DroppedByKernel, long DroppedByInterface, string State,
    long WentDown, long CameUp, long Vanished, long MadeAnew, long Reopened)
{
    public static InterfaceCounts From(string name, CaptureCounters packets, LinkCounts link) => new(name,
        packets.Received, packets.DroppedByKernel, packets.DroppedByInterface, link.State, link.WentDown, link.CameUp,
        link.Vanished, link.MadeAnew, link.Reopened);
}

/// <summary>Counts the records of an output.</summary>
sealed record SinkCounts(string Name, long Written, long LostPredictions, long LostFlows, long Failed, long Waiting,
    long Failures)
{
    /// <summary>Gets the records that bounds left out, by reason; left out itself where there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, long>? LeftOut { get; init; }

    /// <summary>Gets what became of records that are delivered; left out where the output is a file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SpoolCounts? Spool { get; init; }
}
