using System.Text.Json.Serialization;
using ServeFlow.Cascade;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Packets.Captures;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks.Files;
using ServeFlow.Telemetry;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Holds what <c>classify</c> says at its end: everything that came in, and what became of it.</summary>
sealed class ClassifySummary(ServedPlans plans, Account account, CaptureAccount files, TimeSpan elapsed)
{
    /// <summary>Gets what computed the last tier; null where all was computed here.</summary>
    public IRemoteTierFactory? Remote { get; init; }

    /// <summary>Gets the records that bounds left out; null without bounds.</summary>
    public Tally<LeftOutReason>? LeftOut { get; init; }

    double FlowsPerSecond => account.Created / Math.Max(elapsed.TotalSeconds, 1e-9);

    /// <summary>Returns a few lines for people.</summary>
    public string Text()
    {
        var (seconds, rate) = (elapsed.TotalSeconds, FlowsPerSecond);
        return string.Join(Environment.NewLine,
            [
                $"{files.Captures} captures ({files.Unreadable} unreadable)", .. files.Skipped.Describe().Take(1),
                .. AccountText.Lines(plans, account),
                .. RemoteCounts.Lines(plans.Counted, account.Remote, Remote),
                .. LeftOut is { } left ? [$"records: {AccountText.LeftOut(left)}"] : Array.Empty<string>(),
                $"{seconds:F2} s, {rate:N0} flows per second",
                .. TrafficWarnings.Lines(AccountText.Oddities(account), account.Tracked, account.Created),
            ]);
    }

    /// <summary>Formats one object for machines.</summary>
    public ClassifyDocument ToDocument() => new()
    {
        Captures = files.Captures,
        Unreadable = files.Unreadable,
        Skipped = SkippedDocument.From(files.Skipped),
        Packets = account.Received,
        Tracked = account.Tracked,
        Untracked = account.Untracked.ByName(),
        Ignored = account.Ignored.ByName(),
        Odd = AccountText.Counts(AccountText.Oddities(account)),
        BegunInTheMiddle = AccountText.Oddities(account).BegunInTheMiddle,
        Duplicates = AccountText.Oddities(account).Duplicates,
        LeftOut = LeftOut?.ByName(),
        Flows = account.Created,
        Units = account.Units,
        Ended = account.Ended.ByName(),
        Decisions = new(account.Decisions.Total,
            [.. plans.TierNames.Select((name, i) => new TierDecisions(name, account.DecisionsByTier[i])
            {
                Task = plans.Tasks > 1 ? plans.TierTasks[i] : null,
            })],
            account.Decisions.ByName()),
        Seconds = Math.Round(elapsed.TotalSeconds, 3),
        FlowsPerSecond = Math.Round(FlowsPerSecond, 1),
    };
}

/// <summary>Represents the object that <c>classify --json</c> prints.</summary>
sealed record ClassifyDocument
{
    public required int Captures { get; init; }

    public required int Unreadable { get; init; }

    public required SkippedDocument Skipped { get; init; }

    public required long Packets { get; init; }

    public required long Tracked { get; init; }

    public required OrderedDictionary<string, long> Untracked { get; init; }

    public required OrderedDictionary<string, long> Ignored { get; init; }

    public required OrderedDictionary<string, long> Odd { get; init; }

    /// <summary>Gets the number of TCP flows whose first packet was no SYN.</summary>
    public required long BegunInTheMiddle { get; init; }

    /// <summary>Gets how many packets the captures showed a second time.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Gets the records that bounds left out, by reason; absent without bounds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OrderedDictionary<string, long>? LeftOut { get; init; }

    public required long Flows { get; init; }

    public required long Units { get; init; }

    public required OrderedDictionary<string, long> Ended { get; init; }

    public required DecisionCounts Decisions { get; init; }

    public required double Seconds { get; init; }

    public required double FlowsPerSecond { get; init; }
}

/// <summary>Counts answers, by tier and by reason.</summary>
sealed record DecisionCounts(long Total, IReadOnlyList<TierDecisions> Tiers, OrderedDictionary<string, long> Reasons);

/// <summary>Counts the answers that a tier gave.</summary>
sealed record TierDecisions(string Name, long Decisions)
{
    /// <summary>Gets the task that the tier answers; absent where there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Task { get; init; }
}
