using ServeFlow.Cascade.OpenSet;
using ServeFlow.Training.Datasets;
using ServeFlow.Training.TierSelection;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.OpenSet;

/// <summary>
/// Learns when flows are of no known class: from trials that leave each class out how signals add up, from the folds'
/// own flows where the threshold lies.
/// </summary>
/// <param name="models">What trains the tiers.</param>
/// <param name="flows">The training flows.</param>
/// <param name="folds">The same flows, divided.</param>
/// <param name="placed">The tiers and their rules.</param>
sealed class NoveltyTrainer(ModelTrainer models, FlowSample flows, IReadOnlyList<SplitParts> folds,
    PlacedCascade placed)
{
    readonly FlowSignals signals = new(flows.Data.WaitLimit);

    /// <param name="budget">Share of known flows that may be rejected.</param>
    public NoveltyModel Train(double budget, IProgress<TrainingProgress> progress, CancellationToken cancel)
    {
        var leftOut = new LeaveOneClassOut(models, flows, folds[0], placed).Run(progress, cancel);
        var judged = flows.PositionsOf(folds[0].HeldOut).ToHashSet();
        var calibrator = new NoveltyCalibrator(flows, Measure(), judged.Contains, leftOut);
        var weights = calibrator.Weights();
        return new(weights, placed.Tiers.Select(t => t.Spec.Depth).Distinct()
            .ToDictionary(depth => depth, depth => signals.Count(flows, depth)), calibrator.Calibrate(weights, budget));
    }

    /// <summary>Every training flow, by models and openings of the folds that it is not in.</summary>
    MeasuredFlows Measure()
    {
        var measured = placed.Tiers.Select(_ => new NoveltySignals[flows.Count]).ToArray();
        foreach (var fold in folds)
        {
            var rows = flows.PositionsOf(fold.HeldOut);
            foreach (var (number, tier) in placed.Tiers.Index())
            {
                var openings = signals.Count(fold.Train, tier.Spec.Depth).Compile(flows.Data.Schema);
                var found = signals.Compute(fold.HeldOut, placed.SeenPredictions[number].Subset(rows),
                    placed.Calibration.Rules[number], openings, position => placed.View?.Packets(rows[position], number)
                        ?? signals.Packets(fold.HeldOut, position, tier.Spec.Depth));
                for (var i = 0; i < rows.Length; i++)
                {
                    measured[number][rows[i]] = found[i];
                }
            }
        }

        return new([.. Enumerable.Range(0, flows.Count).Select(placed.Calibration.Run.Tier)], measured);
    }
}
