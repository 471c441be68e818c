using ServeFlow.Cascade.Decisions;

namespace ServeFlow.Training.Trainers;

/// <summary>
/// Grows a tier's gain model: one small tree over the same packets that predicts what escalation would do. A tree of
/// so few leaves costs less than a tenth of a boosted model and does as well here as forests do (docs/assignment.md).
/// </summary>
static class GainTrainer
{
    static readonly CartOptions Growth = new()
    {
        MaxLeaves = 64,
        MaxDepth = 32,
        MinLeafFlows = 5,
        Smoothing = 2,
    };

    static readonly string[] Outcomes = ["breaks", "changes_nothing", "mends"];

    /// <param name="part">The flows to learn from.</param>
    /// <param name="gains">What escalation did to each of them: −1, 0 or 1.</param>
    public static TrainedModel Train(TrainingPart part, int[] gains, TrainerOptions options, CancellationToken cancel)
    {
        var outcomes = Array.ConvertAll(gains, gain => GainModel.NoChange + gain);
        var relabelled = part with { Flows = part.Flows.WithLabels(Outcomes, outcomes) };
        var fair = options with { BalanceClasses = false };
        if (CartModel.Prepare(relabelled, fair, cancel) is not { } model)
        {
            return ConstantModel.Create(relabelled, fair);
        }

        var grower = new CartGrower(model.Planes, model.Weights, Growth);
        return model.Finish([grower.Grow(model.Planes.Occupied(), random: null, options.Threads, cancel)]);
    }
}
