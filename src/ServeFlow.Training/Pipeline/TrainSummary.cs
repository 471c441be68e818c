using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.OpenSet;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Training.Pipeline;

/// <summary>Reports what training made, and what it measured on flows that the models had not seen.</summary>
public sealed class TrainSummary
{
    internal TrainSummary(string bundle, TrainingData data, MeasuredCandidates candidates, TestedCascade tested,
        NoveltyModel? novelty, TimeSpan elapsed)
    {
        Bundle = bundle;
        Data = data.DataSet;
        Flows = data.Flows.Count;
        Elapsed = elapsed;
        Candidates = candidates.All;
        Pareto = ParetoFront.Compute(candidates.All);
        Cascade = tested.Cascade;
        Score = new(Cascade.Calibration.Run, [.. Cascade.Tiers.Select(t => t.Predictions)],
            [.. Cascade.Tiers.Select(t => t.Spec.Depth)], data.CalibrationFlows);
        FeatureChoice = data.FeatureChoice;
        Promise = tested.Promise;
        Placement = tested.Placement;
        SplitWarning = data.Folds[0].Warning;
        ImportWarnings = data.Imports.Warnings;
        NearDuplicates = [.. Cascade.Tiers.Select(t => t.Spec.Depth).Distinct().Select(depth =>
            Datasets.NearDuplicates.Count(data.Folds[0].Train, data.Folds[0].HeldOut, depth))];
        Unknown = novelty?.Unknown;
        Warnings = TrainWarnings.List(data, Cascade, NearDuplicates, novelty?.LostRecall);
    }

    /// <summary>Gets the folder of the version that was written.</summary>
    public string Bundle { get; }

    public DataSet Data { get; }

    /// <summary>Gets the number of flows that the models were trained on.</summary>
    public int Flows { get; }

    public TimeSpan Elapsed { get; }

    public PlacedCascade Cascade { get; }

    public IReadOnlyList<TierCandidate> Candidates { get; }

    /// <summary>Gets whether each candidate is on the front of weighted F1 and latency.</summary>
    public IReadOnlyList<bool> Pareto { get; }

    /// <summary>Gets the score of the calibrated cascade, on the predictions that it was calibrated on.</summary>
    public CascadeScore Score { get; }

    /// <summary>Gets how the feature set was chosen; null where it was asked for.</summary>
    public BundleFeatureChoice? FeatureChoice { get; }

    /// <summary>Gets the candidates that the tiers were chosen from, and why.</summary>
    public BundlePlacement Placement { get; }

    /// <summary>Gets what is doubtful about the split; null where nothing is.</summary>
    public string? SplitWarning { get; }

    /// <summary>Gets what must be known before the figures are believed, each with its remedy.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Gets what to know about imported models before believing a figure.</summary>
    public IReadOnlyList<string> ImportWarnings { get; }

    /// <summary>Gets the promise that was tested; null where none was asked for.</summary>
    public TestedPromise? Promise { get; }

    /// <summary>Gets what leaving each class out showed; null where every flow is given a class.</summary>
    public BundleUnknown? Unknown { get; }

    /// <summary>Gets the flows of the first fold that look like one it was predicted from, for each depth of a
    /// tier.</summary>
    public IReadOnlyList<NearDuplicateReport> NearDuplicates { get; }

    /// <summary>Gets the classes that one field tells by itself.</summary>
    public IReadOnlyList<ShortcutFeature> ShortcutFeatures { get; init; } = [];
}
