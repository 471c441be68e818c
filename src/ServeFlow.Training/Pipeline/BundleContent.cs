using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Drift;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.OpenSet;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Pipeline;

/// <summary>Represents the last stage of a training: what it made and found, in the files and the manifest of a
/// bundle.</summary>
sealed class BundleContent
{
    readonly TrainingData data;
    readonly TestedCascade tested;
    readonly NoveltyModel? novelty;
    readonly DriftBaseline? drift;

    BundleContent(TrainingData data, TestedCascade tested, NoveltyModel? novelty, DriftBaseline? drift)
    {
        this.drift = drift;
        this.data = data;
        this.tested = tested;
        this.novelty = novelty;
    }

    PlacedCascade Cascade => tested.Cascade;

    /// <summary>Writes a new version of the bundle.</summary>
    /// <param name="path">The bundle's folder; the version becomes a folder in it.</param>
    /// <param name="novelty">What was learned about unknown flows; null where every flow is given a class.</param>
    /// <param name="drift">What the answers look like; null where there are too few captures to say.</param>
    /// <returns>The folder of the version.</returns>
    /// <exception cref="InputException">It cannot be written.</exception>
    public static string Write(string path, TrainingData data, FinalModels models, TestedCascade tested,
        NoveltyModel? novelty, DriftBaseline? drift)
    {
        var content = new BundleContent(data, tested, novelty, drift);
        var files = models.Tiers.Select(model => KeyValuePair.Create(content.FileOf(model.Key), model.Value.File))
            .Concat(novelty?.Files ?? [])
            .Concat(models.Gains.Select(model => KeyValuePair.Create(GainFileOf(model.Key), model.Value.File)));
        return BundleWriter.Write(path, content.Manifest(), files.ToDictionary());
    }

    string FileOf(ModelSpec spec) => data.Imports.Find(spec)?.FileName ?? $"{spec.Model}-{spec.Depth}.txt";

    /// <summary>Returns the file of a tier's gain model, by the tier's number from 0.</summary>
    static string GainFileOf(int tier) => $"gain-{tier + 1}.txt";

    /// <summary>Name, version and files are the writer's to fill in.</summary>
    BundleManifest Manifest() => new()
    {
        Schema = BundleManifest.CurrentSchema,
        Name = "",
        Version = "",
        Features = new(data.DataSet.Schema.Set, data.DataSet.Schema.Mask, data.DataSet.Schema.Hash)
        {
            Choice = data.FeatureChoice,
        },
        Labels = data.DataSet.Labels,
        WindowMs = data.DataSet.Unit.Length?.TotalMilliseconds,
        WaitLimitMs = data.DataSet.WaitLimit.TotalMilliseconds,
        Flows = BundleFlows.From(data.DataSet.FlowRules),
        Protocols = Protocols(),
        Tiers = [.. Enumerable.Range(0, Cascade.Tiers.Count).Select(Tier)],
        Files = [],
        Data = Data(),
        Metrics = ListMetrics(Cascade, data.CalibrationFlows),
        Unknown = novelty?.Unknown,
        Drift = drift,
        Promise = DescribePromise(tested.Promise),
        Placement = tested.Placement,
    };

    /// <summary>Lists the protocols of the training flows; null where they are made up and have none.</summary>
    BundleProtocols? Protocols()
    {
        var protocols = data.Flows.Select(flow => flow.Protocol).Where(protocol => protocol.IsKnown).ToHashSet();
        return protocols.Count == 0
            ? null
            : new([.. protocols.Select(protocol => (int)protocol.IpVersion).Distinct().Order()],
                [.. protocols.Select(protocol => (int)protocol.Transport).Distinct().Order()]);
    }

    BundleTier Tier(int number)
    {
        var (spec, rule) = (Cascade.Tiers[number].Spec, Cascade.Calibration.Rules[number]);
        var isLast = number == Cascade.Tiers.Count - 1;
        return new()
        {
            Name = TierName.From(number, Cascade.Tiers.Count),
            Model = spec.Model,
            Import = data.Imports.Find(spec)?.Import,
            Packets = spec.Depth,
            File = FileOf(spec),
            Temperature = rule.Temperature,
            Isotonic = rule.Isotonic is { } curve ? new(curve.Confidences, curve.Accuracies) : null,
            Measure = MeasureName.Format(rule.Measure),
            GainFile = rule.Measure == UncertaintyMeasure.ExpectedGain ? GainFileOf(number) : null,
            Assignment = isLast ? "last"
                : AssignmentKindName.From(Cascade.Calibration.Tiers[number].Kind),
            Thresholds = isLast ? [] : rule.Thresholds,
            EscalationTimeoutsMs = Cascade.EscalationTimeouts?.TimeoutsNs[number]?.Select(ns => ns / 1e6).ToArray(),
            Novelty = novelty?.ToBundle(number, spec),
        };
    }

    BundleData Data()
    {
        var imported = data.Imports.TrainedOn(Cascade.Tiers.Select(t => t.Spec)).ToDictionary(c => c.Sha256);
        var trained = data.Flows.Captures.ToHashSet();
        var captures = data.DataSet.Captures.Index()
            .ToLookup(c => trained.Contains(c.Index) || imported.ContainsKey(c.Item.Sha256),
                c => new BundleCapture(c.Item.Path, c.Item.Sha256));
        var known = data.DataSet.Captures.Select(c => c.Sha256).ToHashSet();
        return new(data.DataSet.Sha256, data.Flows.Count, data.Split.ToString().ToLowerInvariant(), data.Seed,
            [.. captures[true], .. imported.Values.Where(c => !known.Contains(c.Sha256))], [.. captures[false]])
        {
            Groups = data.DataSet.GroupColumn is { } column
                ? new(column, [.. data.Flows.Groups.Distinct().Select(g => data.DataSet.Groups[g])
                    .Order(StringComparer.Ordinal)])
                : null,
        };
    }

    /// <summary>Lists what a cascade does with the flows that it was calibrated on.</summary>
    public static BundleMetrics ListMetrics(PlacedCascade cascade, FlowSample flows)
    {
        var score = new CascadeScore(cascade.Calibration.Run, cascade.SeenPredictions,
            [.. cascade.Tiers.Select(t => t.Spec.Depth)], flows);
        return new(score.WeightedF1, cascade.Tiers[^1].WeightedF1, score.FirstPacketShare, score.ErrorsCaught(0),
        [
            .. cascade.Tiers.Select((t, i) =>
                new BundleTierMetrics(t.WeightedF1, score.AnsweredShare(i), score.EscalatedShare(i))),
        ])
        {
            Assignments = [.. cascade.Calibration.Tiers.Index().SelectMany(t => t.Item.Trials.Select(trial =>
                new BundleAssignment(TierName.From(t.Index, cascade.Tiers.Count), MeasureName.Format(trial.Measure),
                    AssignmentKindName.From(trial.Kind), trial.Area)))],
        };
    }

    /// <summary>Describes a promise that was tested; null where none was.</summary>
    public static BundlePromise? DescribePromise(TestedPromise? kept) => kept is null ? null
        : new(kept.Promise.MaxLoss, kept.Promise.Confidence, kept.Flows, kept.Lost, kept.Bound)
        {
            Captures = kept.Captures,
            ApproximateBound = kept.ApproximateBound,
            Vacuous = kept.IsVacuous,
        };
}
