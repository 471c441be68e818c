using System.Text.Json.Serialization;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Flows;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Reports.Summaries;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Training.Reports.Documents;

/// <summary>Represents the JSON object of a training.</summary>
public sealed record TrainDocument(string Bundle, int Classes, int Flows, double? WindowMs, string Features,
    double Seconds, IReadOnlyList<TrainedTier> Tiers, IReadOnlyList<TrainedCandidate> Candidates,
    PlacementDocument Placement, IReadOnlyList<string> ImportWarnings, UnknownTrainingDocument? Unknown,
    IReadOnlyList<NearDuplicateReport> NearDuplicates, IReadOnlyList<ShortcutFeature> ShortcutFeatures,
    IReadOnlyList<string> Warnings, BundleJudgement? Judged, TrainedPromise? Promise,
    [property: JsonIgnore] TrafficReport? Traffic) : TrafficDocument(Traffic)
{
    /// <summary>Gets what repeating it with other captures held back showed; left out where it was not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SplitsDocument? Splits { get; init; }

    /// <summary>Gets how the feature set was chosen; null where it was asked for.</summary>
    public BundleFeatureChoice? FeatureChoice { get; init; }

    /// <summary>Gets the number of captures that were read.</summary>
    public int Captures { get; init; }

    /// <summary>Gets the number of captures that are damaged and gave no packet.</summary>
    public int Unreadable { get; init; }

    /// <summary>Gets the files that were found and not read.</summary>
    public SkippedDocument? Skipped { get; init; }

    /// <summary>Gets the classes that rows or directories name and that no flow has.</summary>
    public IReadOnlyList<string> ClassesWithoutFlow { get; init; } = [];

    /// <summary>Adds what became of the files and labels.</summary>
    public TrainDocument With(LabelReport report) => this with
    {
        Captures = report.Files.Captures,
        Unreadable = report.Files.Unreadable,
        Skipped = SkippedDocument.From(report.Files.Skipped),
        ClassesWithoutFlow = report.ClassesWithoutFlow,
    };

    public static TrainDocument From(TrainSummary summary, TrafficReport? traffic = null) => new(
        summary.Bundle,
        summary.Data.Labels.Count,
        summary.Flows,
        summary.Data.Unit.Length?.TotalMilliseconds,
        summary.Data.Schema.Set,
        Math.Round(summary.Elapsed.TotalSeconds, 3),
        [.. summary.Cascade.Tiers.Select((_, number) => TrainedTier.From(summary.Cascade, number))],
        [.. summary.Candidates.Zip(summary.Pareto, TrainedCandidate.From)],
        PlacementDocument.From(summary.Placement),
        summary.ImportWarnings,
        summary.Unknown is { } unknown ? UnknownTrainingDocument.From(unknown) : null,
        summary.NearDuplicates,
        summary.ShortcutFeatures,
        summary.Warnings,
        summary.Placement.Judged,
        summary.Promise is { } promise ? TrainedPromise.From(promise) : null,
        traffic)
    {
        FeatureChoice = summary.FeatureChoice,
    };
}

/// <summary>Represents a promise on the loss, as it was tested.</summary>
public sealed record TrainedPromise(double MaxLoss, double Confidence, double Bound, double ApproximateBound,
    bool Vacuous, int Captures, int Flows, int Lost)
{
    internal static TrainedPromise From(TestedPromise tested) => new(tested.Promise.MaxLoss, tested.Promise.Confidence,
        tested.Bound, tested.ApproximateBound, tested.IsVacuous, tested.Captures, tested.Flows, tested.Lost);
}

/// <summary>Represents a tier of the trained cascade; the last one has no assignment.</summary>
public sealed record TrainedTier(string Name, string Model, int Packets, double WeightedF1, double NsPerFlow,
    AssignmentDocument? Assignment)
{
    internal static TrainedTier From(PlacedCascade cascade, int number)
    {
        var (tier, isLast) = (cascade.Tiers[number], number == cascade.Tiers.Count - 1);
        return new(TierName.From(number, cascade.Tiers.Count), tier.Spec.Model, tier.Spec.Depth, tier.WeightedF1,
            Math.Round(tier.Cost.MeasuredNsPerFlow, 1),
            isLast ? null : AssignmentDocument.From(cascade.Calibration.Tiers[number]));
    }
}

/// <summary>Represents a model that the tiers were chosen from.</summary>
public sealed record TrainedCandidate(string Model, int Packets, double WeightedF1, double MacroF1, double NsPerFlow,
    double CollectMsMedian, bool Pareto)
{
    internal static TrainedCandidate From(TierCandidate candidate, bool pareto) => new(candidate.Spec.Model,
        candidate.Spec.Depth, candidate.WeightedF1, candidate.MacroF1,
        Math.Round(candidate.Cost.MeasuredNsPerFlow, 1),
        candidate.CollectMsMedian, pareto);
}

/// <summary>Describes how a tier escalates, and the ways to escalate that were compared.</summary>
public sealed record AssignmentDocument(string Calibration, string Measure, string Kind,
    IReadOnlyList<AssignmentTrialDocument> Areas)
{
    internal static AssignmentDocument From(TierCalibration tier) => new(
        AssignmentText.Calibration(tier.Rule), MeasureName.Format(tier.Rule.Measure),
        AssignmentKindName.From(tier.Kind),
        [.. tier.Trials.Select(trial => new AssignmentTrialDocument(
            MeasureName.Format(trial.Measure), AssignmentKindName.From(trial.Kind), trial.Area))]);
}

/// <summary>Represents one way to escalate, and the area that its assignment curve has.</summary>
public sealed record AssignmentTrialDocument(string Measure, string Kind, double Area);

/// <summary>Lists which cascades there were to choose from, which was chosen, and why.</summary>
public sealed record PlacementDocument(string Objective, string Why, CascadeDocument Chosen,
    IReadOnlyList<CascadeDocument> Cascades)
{
    internal static PlacementDocument From(BundlePlacement placement) => new(placement.Objective, placement.Why,
        CascadeDocument.From(placement.Chosen), [.. placement.Cascades.Select(CascadeDocument.From)]);
}

/// <summary>Represents a cascade that could be chosen.</summary>
public sealed record CascadeDocument(string Tiers, double WeightedF1, double MeanMs, double MedianMs, double NsPerFlow,
    string Pareto)
{
    internal static CascadeDocument From(BundleCascade cascade) => new(string.Join(',', cascade.Tiers),
        cascade.WeightedF1, cascade.MeanMs, cascade.MedianMs, Math.Round(cascade.NsPerFlow, 1),
        PlacementText.Fronts(cascade.Pareto));
}

/// <summary>Holds what leaving each class out of training showed about answers <c>unknown</c>.</summary>
public sealed record UnknownTrainingDocument(double Budget, double Threshold, int Flows, int Rejected, double AurocMean,
    IReadOnlyList<BundleLeftOut> LeftOut)
{
    internal static UnknownTrainingDocument From(BundleUnknown unknown) => new(unknown.Budget, unknown.Threshold,
        unknown.Flows, unknown.Rejected, unknown.LeftOut.Average(left => left.Auroc), unknown.LeftOut);
}
