using System.Diagnostics;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Imports;
using ServeFlow.Training.OpenSet;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Pipeline;

/// <summary>
/// The whole of <c>train</c>: hold captures out, train and measure candidates by folds, choose and calibrate tiers on
/// those measurements, train the chosen ones again on everything, write the bundle.
/// </summary>
public sealed class CascadeTrainer
{
    /// <summary>Of the work, where each class is also left out in turn: roughly half.</summary>
    const double CascadeShare = 0.5;

    readonly TrainRequest request;
    readonly DataSet data;
    readonly FlowSample flows;

    /// <summary>Flows that neither models nor thresholds see, to test a promise on; null where there is none.</summary>
    readonly FlowSample? testFlows;

    /// <summary>The flows to choose, calibrate and measure on: those that no imported model saw.</summary>
    readonly FlowSample judgedFlows;

    readonly IReadOnlyList<SplitParts> folds;
    readonly ImportedModels imports;
    readonly ModelTrainer modelTrainer;
    readonly CandidateTrainer trainer;
    readonly EscalationTimeoutTrainer waits;

    CascadeTrainer(TrainRequest request)
    {
        this.request = request;
        data = request.Data;
        var seed = request.Options.Seed;
        flows = HoldOutSplit.TrainingFlows(data, request.HoldOut, request.Split, seed);
        imports = new(data, request.Imports, request.ImportLabels, request.WaitLimit);
        if (request.Promise is { } promise)
        {
            (flows, testFlows) = PromiseTestSplit.Divide(flows, promise, request.Split, seed);
            testFlows = imports.Unseen(testFlows, "test the promise on");
            PromiseTestSplit.Check(testFlows, promise);
        }

        judgedFlows = imports.Unseen(flows, "calibrate on");
        imports.Warn(flows, judgedFlows);

        var captures = flows.Captures.Distinct().Count();
        var count = request.Split == SplitKind.Capture ? Math.Clamp(captures, 2, request.Folds) : request.Folds;
        folds = Split.Folds(flows, count, request.Split, seed);
        modelTrainer = new(request.Trainers, request.Options);
        trainer = new(modelTrainer, request.WaitLimit, flows, folds);
        waits = new(request.WaitLimit);
    }

    /// <exception cref="InputException">The request cannot be carried out, or the bundle not written.</exception>
    public static TrainSummary Train(TrainRequest request, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancel = default)
    {
        var watch = Stopwatch.StartNew();
        BundleFolder.CheckTarget(request.Bundle);
        request.Check();
        return new CascadeTrainer(request).Run(watch, progress, cancel);
    }

    TrainSummary Run(Stopwatch watch, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        var whole = progress;
        progress = request.UnknownBudget is null ? whole : new ProgressPart(whole, 0, CascadeShare, null);
        var work = new WorkEstimate(request.Specs);
        var rounds = new Dictionary<ModelSpec, int>();
        var candidates = new List<TierCandidate>();
        foreach (var spec in request.Specs)
        {
            candidates.Add(trainer.Train(spec, out var best, work.Candidate(spec, progress), cancel));
            rounds[spec] = best;
        }

        candidates.AddRange(imports.All.Select(model => trainer.Import(model, cancel)));
        candidates = [.. candidates.Select(candidate => trainer.Subset(candidate, judgedFlows))];
        progress?.Report(new(work.CandidatesShare, "choosing tiers and thresholds"));
        var run = new PlacementRun(judgedFlows, candidates, request.Placement, cancel);
        var gains = new GainCalibrator(request, judgedFlows, folds);
        var refined = gains.Refine(run.Cascade, cancel);
        var placed = request.EscalationTimeoutShare > 0
            ? waits.FitTimeouts(refined, judgedFlows, request.EscalationTimeoutShare * request.Goal.MaxLoss, cancel)
            : refined;
        var models = placed.Tiers.ToDictionary(t => t.Spec, t => imports.Find(t.Spec)?.Final
            ?? trainer.TrainFinal(t.Spec, rounds[t.Spec], work.Final(t.Spec, placed.Tiers, progress), cancel));
        var gainModels = gains.TrainFinal(placed, cancel);
        cancel.ThrowIfCancellationRequested();
        var kept = CalibratePromise(placed, models, gainModels, cancel);
        placed = kept is null ? placed : WithPromise(kept, placed);
        var placement = new PlacementRecord(run, placed, MeasureBatchCosts(placed, models, gainModels), judgedFlows)
            .ToBundle();
        var novelty = request.UnknownBudget is not { } budget ? null
            : new NoveltyTrainer(modelTrainer, request.WaitLimit, flows, folds, placed).Train(rounds, budget,
                new ProgressPart(whole, CascadeShare, 1 - CascadeShare, null), cancel);
        var folder = Write(placed, models, gainModels, kept, novelty, placement);
        whole?.Report(new(1, "bundle written"));
        return new(folder, data, flows.Count, watch.Elapsed, placed, candidates, judgedFlows)
        {
            Placement = placement,
            SplitWarning = folds[0].Warning,
            ImportWarnings = imports.Warnings,
            Promise = kept,
            ShortcutFeatures = ShortcutFeatures.Find(folds, request.Specs.Max(spec => spec.Depth), cancel),
            Unknown = novelty?.Unknown,
            NearDuplicates = [.. placed.Tiers.Select(t => t.Spec.Depth).Distinct()
                .Select(depth => NearDuplicates.Count(folds[0].Train, folds[0].HeldOut, depth))],
        };
    }

    /// <summary>The cascade as it will be served, all tiers together.</summary>
    IReadOnlyList<BatchCost> MeasureBatchCosts(PlacedCascade placed, Dictionary<ModelSpec, FinalModel> models,
        IReadOnlyDictionary<int, FinalModel> gainModels) => CostMeter.Measure(flows, request.WaitLimit,
        [
            .. placed.Tiers.Zip(placed.Calibration.Rules).Select((tier, t) => new TimedTier(tier.First.Spec.Depth,
                tier.Second, models[tier.First.Spec].Model.CreateScorer)
            {
                CreateGain = gainModels.TryGetValue(t, out var gain) ? gain.Model.CreateScorer : null,
            }),
        ]);

    /// <summary>The final models are what is served, so it is they that the promise is tested with.</summary>
    CalibratedPromise? CalibratePromise(PlacedCascade placed, Dictionary<ModelSpec, FinalModel> models,
        IReadOnlyDictionary<int, FinalModel> gainModels, CancellationToken cancel)
    {
        if (request.Promise is not { } promise || testFlows is null)
        {
            return null;
        }

        var path = new ThresholdPath(placed.Calibration.Rules, placed.SeenPredictions);
        var tiers = placed.Tiers.Select((t, i) => Predict(t.Spec, gainModels.GetValueOrDefault(i))).ToList();
        var view = waits.View(placed, testFlows, tiers, (tier, some, packets) =>
            trainer.Score(models[placed.Tiers[tier].Spec].Model, placed.Tiers[tier].Spec, some, packets, cancel));
        return PromiseCalibrator.Calibrate(promise, path, view.Tiers, tiers[^1], testFlows);

        Predictions Predict(ModelSpec spec, FinalModel? gain)
        {
            var predictions = trainer.Predict(models[spec].Model, spec, testFlows, cancel);
            return gain is null ? predictions : predictions.WithGains(new FlowScorer(spec.Depth, request.WaitLimit,
                gain.Model.CreateScorer).ExpectedGains(testFlows, cancel));
        }
    }

    /// <summary>
    /// Where nothing could be promised, every flow goes to the last tier and is waited for to the limit.
    /// </summary>
    static PlacedCascade WithPromise(CalibratedPromise kept, PlacedCascade placed) => (kept.Level > 0 ? placed : placed with
    {
        EscalationTimeouts = null,
        View = null,
    }).With(kept.Rules);

    string Write(PlacedCascade placed, Dictionary<ModelSpec, FinalModel> models,
        IReadOnlyDictionary<int, FinalModel> gainModels, CalibratedPromise? kept, NoveltyModel? novelty,
        BundlePlacement placement)
    {
        var content = new BundleContent(placed, data, request, flows, testFlows)
        {
            Promise = kept,
            Novelty = novelty,
            Placement = placement,
            Imports = imports,
        };
        var files = models.ToDictionary(model => content.FileOf(model.Key), model => model.Value.File);
        foreach (var (name, bytes) in novelty?.Files ?? [])
        {
            files.Add(name, bytes);
        }

        foreach (var (tier, model) in gainModels)
        {
            files.Add(BundleContent.GainFileOf(tier), model.File);
        }

        return BundleWriter.Write(request.Bundle, content.Manifest(judgedFlows), files);
    }
}
