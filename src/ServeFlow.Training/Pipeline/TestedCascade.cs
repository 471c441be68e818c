using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.Scoring;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Training.Pipeline;

/// <summary>The fifth stage of a training: the cascade as it is served, its promise tested and its computing timed.
/// </summary>
/// <param name="Cascade">The tiers, with the thresholds that keep the promise.</param>
/// <param name="Promise">What was promised and tested; null where nothing was.</param>
/// <param name="Placement">What the tiers were chosen from and why, for the bundle.</param>
sealed record TestedCascade(PlacedCascade Cascade, CalibratedPromise? Promise, BundlePlacement Placement)
{
    /// <summary>Tests the final models, because it is they that are served.</summary>
    public static TestedCascade Test(TrainingData data, PlacedTiers placed, FinalModels models, TrainRequest request,
        CancellationToken cancel)
    {
        var kept = request.Promise is null || data.PromiseFlows is null
            ? null
            : Test(request.Promise, placed.Cascade, models, data.PromiseFlows, cancel);
        var cascade = kept is null ? placed.Cascade : Keep(kept, placed.Cascade);
        var costs = request.Meter(data.Flows, data.DataSet.WaitLimit, models.ToTimedTiers(cascade));
        return new(cascade, kept, new PlacementRecord(placed.Run, cascade, costs, data.CalibrationFlows).ToBundle());
    }

    /// <param name="flows">Flows that neither models nor thresholds have seen.</param>
    static CalibratedPromise Test(LossPromise promise, PlacedCascade cascade, FinalModels models, FlowSample flows,
        CancellationToken cancel)
    {
        var path = new ThresholdPath(cascade.Calibration.Rules, cascade.SeenPredictions);
        var tiers = cascade.Tiers.Select((_, number) => models.Predict(cascade, number, flows, cancel)).ToList();
        var view = EscalationTimeoutTrainer.View(cascade, flows, tiers, (number, some, packets) =>
            new FlowScorer(cascade.Tiers[number].Spec.Depth, flows.Data.WaitLimit,
                models.Model(cascade.Tiers[number]).CreateScorer).Score(some, packets, flows.Classes.Count, cancel));
        return PromiseCalibrator.Calibrate(promise, path, view.Tiers, tiers[^1], flows);
    }

    /// <summary>Without a promise to keep, every flow goes to the last tier and is waited for to the limit.</summary>
    static PlacedCascade Keep(CalibratedPromise kept, PlacedCascade cascade) => (kept.Level > 0 ? cascade : cascade with
    {
        EscalationTimeouts = null,
        View = null,
    }).With(kept.Rules);
}
