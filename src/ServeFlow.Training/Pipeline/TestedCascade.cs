using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Calibration;
using ServeFlow.Training.TierSelection;

namespace ServeFlow.Training.Pipeline;

/// <summary>Represents the fifth stage of a training: the cascade as it is served, its promise tested and its computing
/// timed.</summary>
/// <param name="Cascade">The tiers, with their thresholds and timeouts.</param>
/// <param name="Promise">What was promised and tested; null where nothing was.</param>
/// <param name="Placement">What the tiers were chosen from and why, for the bundle.</param>
sealed record TestedCascade(PlacedCascade Cascade, TestedPromise? Promise, BundlePlacement Placement)
{
    /// <summary>Tests what is served, on flows that were answered by models and thresholds of other folds.</summary>
    public static TestedCascade Test(TrainingData data, PlacedTiers placed, FinalModels models, TrainRequest request)
    {
        var cascade = placed.Cascade;
        var kept = request.Promise is { } promise ? PromisedLevel.Test(cascade, placed.Run, promise) : null;
        var costs = request.Meter(data.Flows, data.DataSet.WaitLimit, models.ToTimedTiers(cascade));
        return new(cascade, kept, new PlacementRecord(placed.Run, cascade, costs, data.CalibrationFlows).ToBundle());
    }
}
