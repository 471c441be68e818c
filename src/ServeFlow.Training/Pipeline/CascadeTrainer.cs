using System.Diagnostics;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Audits;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Drift;
using ServeFlow.Training.OpenSet;
using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Pipeline;

/// <summary>
/// The whole of <c>train</c>, stage by stage: hold captures out, choose the features where that is left open, train and
/// measure candidates by folds, choose and calibrate tiers on those measurements, train the chosen ones again on
/// everything, test what was made, write the bundle. Each stage takes what the stages before it made and changes none
/// of it.
/// </summary>
public static class CascadeTrainer
{
    /// <exception cref="InputException">The request cannot be carried out, or the bundle not written.</exception>
    public static TrainSummary Train(TrainRequest request, IProgress<TrainingProgress>? progress = null,
        CancellationToken cancel = default)
    {
        var watch = Stopwatch.StartNew();
        BundleFolder.CheckTarget(request.Bundle);
        request.Check();
        var (trainer, placement) = (new ModelTrainer(request.Trainers, request.Options), request.Placement);
        var work = new TrainingWork(request.Specs, request.ChoosesFeatures, request.UnknownBudget is not null,
            progress);

        var data = TrainingData.Create(request, work.Features, cancel);
        work = work.Of(data.Specs);
        var candidates = MeasuredCandidates.Measure(data, request, trainer, work, cancel);
        var placed = PlacedTiers.Choose(data, candidates, placement, trainer.Options, work, cancel)
            .WithNestedLoss(cancel);
        var models = FinalModels.Train(data, placed.Cascade, trainer, work, cancel);
        var tested = TestedCascade.Test(data, placed, models, request);
        var novelty = request.UnknownBudget is { } budget
            ? new NoveltyTrainer(trainer, (data.Flows, data.CalibrationFlows), data.Folds, tested.Cascade)
            {
                IsImported = spec => data.Imports.Find(spec) is not null,
                IsByCapture = data.Split == SplitKind.Capture,
            }.Train(budget, work.LeavingOut, cancel)
            : null;
        var drift = DriftTrainer.Create(Answers(data, tested.Cascade, models, novelty), data.Seed);
        var shortcuts = ShortcutFeatures.Find(data.Folds, data.Specs.Max(spec => spec.Depth), cancel);
        var bundle = BundleContent.Write(request.Bundle, data, models, tested, novelty, drift);
        work.ReportEnd();

        return new(bundle, data, candidates, tested, novelty, watch.Elapsed)
        {
            ShortcutFeatures = shortcuts,
        };
    }

    /// <summary>Lists what is answered to the calibration flows, by models that had not seen them.</summary>
    static AnsweredFlows Answers(TrainingData data, PlacedCascade cascade, FinalModels models, NoveltyModel? novelty)
    {
        var depth = cascade.Tiers[0].Spec.Depth;
        var asked = TreeQuestion.FindMostAsked(cascade.Tiers.Select(models.Model), data.DataSet.Schema, depth);
        return AnsweredFlows.From(data.CalibrationFlows, cascade.Calibration.Run, cascade.Calibration.Rules,
            cascade.SeenPredictions, novelty?.IsRejected, asked, depth);
    }
}
