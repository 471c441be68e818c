using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Imports;
using ServeFlow.Training.OpenSet;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Pipeline;

/// <summary>Builds the manifest of a bundle from what a training found.</summary>
/// <param name="flows">Trained on.</param>
/// <param name="testFlows">The flows that a promise was tested on, if any: thresholds depend on them, so evaluation may
/// not.</param>
sealed class BundleContent(PlacedCascade placed, DataSet data, TrainRequest request, FlowSample flows,
    FlowSample? testFlows)
{
    public CalibratedPromise? Promise { get; init; }

    public required BundlePlacement Placement { get; init; }

    public NoveltyModel? Novelty { get; init; }

    public required ImportedModels Imports { get; init; }

    public string FileOf(ModelSpec spec) => Imports.Find(spec)?.FileName ?? $"{spec.Model}-{spec.Depth}.txt";

    /// <summary>The file of a tier's gain model, by the tier's number from 0.</summary>
    public static string GainFileOf(int tier) => $"gain-{tier + 1}.txt";

    /// <summary>Name, version and files are the writer's to fill in.</summary>
    public BundleManifest Manifest(FlowSample judged) => new()
    {
        Schema = BundleManifest.CurrentSchema,
        Name = "",
        Version = "",
        Features = new(data.Schema.Set, data.Schema.Mask, data.Schema.Hash),
        Labels = data.Labels,
        WindowMs = data.Unit.Length?.TotalMilliseconds,
        WaitLimitMs = request.WaitLimit.TotalMilliseconds,
        Tiers = [.. Enumerable.Range(0, placed.Tiers.Count).Select(Tier)],
        Files = [],
        Data = Data(),
        Metrics = Metrics(judged),
        Unknown = Novelty?.Unknown,
        Promise = Promise is { } kept
            ? new(kept.Promise.MaxLoss, kept.Promise.Confidence, kept.Flows, kept.Lost, kept.Bound)
            : null,
        Placement = Placement,
    };

    BundleTier Tier(int number)
    {
        var (spec, rule) = (placed.Tiers[number].Spec, placed.Calibration.Rules[number]);
        var isLast = number == placed.Tiers.Count - 1;
        return new()
        {
            Name = TierName.From(number, placed.Tiers.Count),
            Model = spec.Model,
            Import = Imports.Find(spec)?.Import,
            Packets = spec.Depth,
            File = FileOf(spec),
            Temperature = rule.Temperature,
            Isotonic = rule.Isotonic is { } curve ? new(curve.Confidences, curve.Accuracies) : null,
            Measure = MeasureName.Format(rule.Measure),
            GainFile = rule.Measure == UncertaintyMeasure.ExpectedGain ? GainFileOf(number) : null,
            Assignment = isLast ? "last"
                : AssignmentKindName.From(placed.Calibration.Tiers[number].Kind),
            Thresholds = isLast ? [] : rule.Thresholds,
            EscalationTimeoutsMs = placed.EscalationTimeouts?.TimeoutsNs[number]?.Select(ns => ns / 1e6).ToArray(),
            Novelty = Novelty?.ToBundle(number, spec),
        };
    }

    BundleData Data()
    {
        var imported = Imports.TrainedOn(placed.Tiers.Select(t => t.Spec)).ToDictionary(c => c.Sha256);
        var trained = flows.Captures.Concat(testFlows?.Captures ?? []).ToHashSet();
        var captures = data.Captures.Index()
            .ToLookup(c => trained.Contains(c.Index) || imported.ContainsKey(c.Item.Sha256),
                c => new BundleCapture(c.Item.Path, c.Item.Sha256));
        var known = data.Captures.Select(c => c.Sha256).ToHashSet();
        return new(data.Sha256, flows.Count, request.Split.ToString().ToLowerInvariant(), request.Options.Seed,
            [.. captures[true], .. imported.Values.Where(c => !known.Contains(c.Sha256))], [.. captures[false]]);
    }

    BundleMetrics Metrics(FlowSample judged)
    {
        var score = new CascadeScore(placed.Calibration.Run, placed.SeenPredictions,
            [.. placed.Tiers.Select(t => t.Spec.Depth)], judged);
        return new(score.WeightedF1, placed.Tiers[^1].WeightedF1, score.FirstPacketShare, score.ErrorsCaught(0),
        [
            .. placed.Tiers.Select((t, i) =>
                new BundleTierMetrics(t.WeightedF1, score.AnsweredShare(i), score.EscalatedShare(i))),
        ])
        {
            Assignments = [.. placed.Calibration.Tiers.Index().SelectMany(t => t.Item.Trials.Select(trial =>
                new BundleAssignment(TierName.From(t.Index, placed.Tiers.Count), MeasureName.Format(trial.Measure),
                    AssignmentKindName.From(trial.Kind), trial.Area)))],
        };
    }
}
