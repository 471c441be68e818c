using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Pipeline;

/// <summary>Represents the third stage of a training: the tiers that were chosen, with their thresholds and
/// timeouts.</summary>
/// <param name="Run">What the tiers were chosen from.</param>
/// <param name="Cascade">The tiers as they decide.</param>
sealed record PlacedTiers(PlacementRun Run, PlacedCascade Cascade)
{
    /// <summary>Chooses the tiers and their thresholds, by an expected gain where that is asked for, and how long each
    /// tier waits for the next one's packets.</summary>
    /// <exception cref="InputException">No cascade keeps the objective's limits.</exception>
    public static PlacedTiers Choose(TrainingData data, MeasuredCandidates candidates, PlacementOptions options,
        TrainerOptions training, TrainingWork work, CancellationToken cancel)
    {
        work.ReportPlacement();
        var run = new PlacementRun(data.CalibrationFlows, data.Parts, candidates.All, options, cancel);
        var chosen = new GainCalibrator(data.CalibrationFlows, data.Parts, training).Refine(run, options, cancel);
        var cascade = ReferenceEquals(chosen, run.Chosen) ? run.Cascade : run.ToCascade(chosen);
        if (options.EscalationTimeoutShare > 0)
        {
            cascade = EscalationTimeoutTrainer.FitTimeouts(cascade, run, chosen,
                options.EscalationTimeoutShare * options.Goal.MaxLoss, cancel);
        }

        return new(run, cascade);
    }

    /// <summary>Estimates, besides, what choosing the tiers itself costs.</summary>
    public PlacedTiers WithNestedLoss(CancellationToken cancel)
    {
        var estimate = Cascade.Calibration.Estimate with { NestedLoss = Run.NestedLoss(cancel) };
        return this with { Cascade = Cascade with { Calibration = Cascade.Calibration with { Estimate = estimate } } };
    }
}
