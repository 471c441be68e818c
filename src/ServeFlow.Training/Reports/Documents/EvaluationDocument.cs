using System.Text.Json.Serialization;
using ServeFlow.Flows;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Reports.Documents;

/// <summary>Represents the JSON object of an evaluation.</summary>
public sealed record EvaluationDocument(EvaluatedData Data, OrderedDictionary<string, SystemScore> Systems,
    double Loss, Interval LossInterval, double SpeedupMean, Interval SpeedupMeanInterval, double? SpeedupMedian,
    Interval? SpeedupMedianInterval, double FirstPacketShare, Interval FirstPacketShareInterval, double ErrorsCaught,
    Interval? ErrorsCaughtInterval, double LostShare, Interval LostShareInterval, BootstrapDocument Bootstrap,
    PromiseOutcome? Promise, IReadOnlyList<UnitVote> Votes, IReadOnlyList<TierScore> Tiers,
    IReadOnlyList<ClassScore> Classes, IReadOnlyList<TierPathDocument> Paths, IReadOnlyList<TierArea> Assignment,
    IReadOnlyList<TierReliability> Reliability, UnknownDocument? Unknown,
    IReadOnlyList<NearDuplicateReport> NearDuplicates, AuditReport? Honesty, ImportanceDocument? Importance,
    [property: JsonIgnore] TrafficReport? Traffic) : TrafficDocument(Traffic)
{
    /// <summary>Gets the report's page; left out where none was written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Report { get; init; }

    /// <summary>Gets the file of answers to each flow; left out where none was written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Predictions { get; init; }

    /// <summary>Gets the number of captures that were read.</summary>
    public int Captures { get; init; }

    /// <summary>Gets the number of captures that are damaged and gave no packet.</summary>
    public int Unreadable { get; init; }

    /// <summary>Gets the files that were found and not read.</summary>
    public SkippedDocument? Skipped { get; init; }

    public static EvaluationDocument From(EvaluationResult result) => new(
        EvaluatedData.From(result),
        new(result.Systems.Select(system => KeyValuePair.Create(system.Name, system.Score))),
        result.Comparison.Loss,
        result.Comparison.LossInterval,
        result.Comparison.SpeedupMean,
        result.Comparison.SpeedupMeanInterval,
        result.Comparison.SpeedupMedian,
        result.Comparison.SpeedupMedianInterval,
        result.Comparison.FirstPacketShare,
        result.Comparison.FirstPacketInterval,
        result.ErrorsCaught,
        result.Comparison.ErrorsCaughtInterval,
        result.LostShare,
        result.Comparison.LostInterval,
        BootstrapDocument.From(result.Comparison),
        PromiseOutcome.From(result),
        result.Votes,
        [.. result.Tiers.Select(tier => tier with { NsPerFlow = Math.Round(tier.NsPerFlow, 1) })],
        result.Classes,
        [.. result.Paths.Tiers.Select(TierPathDocument.From)],
        [.. result.Curves.Select(curve => new TierArea(curve.Tier, curve.Area))],
        result.Reliability,
        result.Unknown is { } unknown ? UnknownDocument.From(unknown) : null,
        result.NearDuplicates,
        result.Audit,
        result.Importance is { } importance ? ImportanceDocument.From(importance) : null,
        result.Traffic)
    {
        Captures = result.Data.Files.Captures,
        Unreadable = result.Data.Files.Unreadable,
        Skipped = SkippedDocument.From(result.Data.Files.Skipped),
    };
}

/// <summary>Tells what the intervals of an evaluation were computed from.</summary>
/// <param name="Confidence">The confidence of every interval.</param>
/// <param name="Draws">Draws of whole captures behind each interval.</param>
/// <param name="Captures">Captures that were drawn from. Where it is 1, flows were drawn instead.</param>
public sealed record BootstrapDocument(double Confidence, int Draws, int Captures)
{
    internal static BootstrapDocument From(CascadeComparison comparison) =>
        new(Interval.Confidence, comparison.Draws, comparison.Captures);
}

/// <summary>Counts the captures and flows of an evaluation.</summary>
public sealed record EvaluatedData(int Captures, int CapturesTrainedOn, int Flows, double? WindowMs, int Classes,
    long Unlabelled, long LabelsUnmatched)
{
    internal static EvaluatedData From(EvaluationResult result) => new(result.Data.Captures,
        result.Data.CapturesTrainedOn, result.Data.Flows, result.Unit.Length?.TotalMilliseconds, result.Data.Classes,
        result.Data.Unlabelled, result.Data.LabelsUnmatched);
}

/// <summary>Holds what training promised, and whether the evaluated flows kept it.</summary>
/// <param name="Bound">The bound that training found for what is served.</param>
/// <param name="Held">Whether no larger share of these flows was lost; false where nothing was promised.</param>
/// <param name="Vacuous">Whether no flow is answered early, so that nothing was promised.</param>
/// <param name="Captures">Captures that training tested it on; null in bundles that tested flows.</param>
public sealed record PromiseOutcome(double MaxLoss, double Confidence, double Bound, bool Held, bool Vacuous,
    int? Captures)
{
    internal static PromiseOutcome? From(EvaluationResult result) => result.Bundle.Manifest.Promise is { } promise
        ? new(promise.MaxLoss, promise.Confidence, promise.Bound,
            !promise.Vacuous && result.LostShare <= promise.MaxLoss, promise.Vacuous, promise.Captures)
        : null;
}

/// <summary>Holds what a tier did with the flows that reached it.</summary>
public sealed record TierPathDocument(string Tier, int Reached, int Right, int Wrong, int EndedRight, int EndedWrong,
    int Unknown, int Escalated)
{
    internal static TierPathDocument From(TierFlows tier) => new(tier.Name, tier.Reached, tier.Right, tier.Wrong,
        tier.ShortRight, tier.ShortWrong, tier.Unknown, tier.Escalated);
}

/// <summary>Represents the area that a tier's assignment curve has on the evaluated flows.</summary>
public sealed record TierArea(string Tier, double Area);

/// <summary>Holds what answering <c>unknown</c> did.</summary>
public sealed record UnknownDocument(double Budget, int KnownFlows, int KnownRejected, double KnownRejectedShare,
    int KnownRejectedWrong, double WeightedF1Closed, OpenSetScore OpenSet, double? Auroc,
    IReadOnlyList<UnknownClassScore> Classes)
{
    internal static UnknownDocument From(UnknownReport report) => new(report.Budget, report.Known, report.Rejected,
        report.RejectedShare, report.RejectedWrong, report.WeightedF1Closed,
        new(report.OpenSet.WeightedF1, report.OpenSet.MacroF1, report.OpenSet.Accuracy), report.Auroc,
        report.UnknownClasses);
}

/// <summary>Represents scores with all classes that the bundle does not know as one class.</summary>
public sealed record OpenSetScore(double WeightedF1, double MacroF1, double Accuracy);

/// <summary>Holds which header fields the answers rest on, by system.</summary>
public sealed record ImportanceDocument(int Flows, int Repeats, OrderedDictionary<string, double> WeightedF1,
    IReadOnlyList<FieldLoss> Fields, IReadOnlyList<PacketLoss> Packets,
    OrderedDictionary<string, ImportanceLoss> Everything)
{
    internal static ImportanceDocument From(ImportanceReport report) => new(report.Flows, report.Repeats,
        new(report.Systems.Zip(report.WeightedF1, KeyValuePair.Create)),
        [.. report.Fields.Select(row => new FieldLoss(row.Name, Losses(report, row)))],
        [.. report.Packets.Select(row => new PacketLoss(row.Name, Losses(report, row)))],
        Losses(report, report.Everything));

    static OrderedDictionary<string, ImportanceLoss> Losses(ImportanceReport report, ImportanceRow row) =>
        new(report.Systems.Zip(row.Losses, KeyValuePair.Create));
}

/// <summary>Holds what each system loses where a header field is permuted between flows.</summary>
public sealed record FieldLoss(string Field, OrderedDictionary<string, ImportanceLoss> Loss);

/// <summary>Holds what each system loses where a packet is permuted between flows.</summary>
public sealed record PacketLoss(string Packet, OrderedDictionary<string, ImportanceLoss> Loss);
