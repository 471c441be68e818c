using ServeFlow.Cascade.Decisions;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Trainers;

/// <summary>
/// Grows a tier's gain model: one small tree over the same packets that foretells what escalation would do. A tree of
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
    public static TrainedModel Train(TrainingPart part, IReadOnlyList<int> gains, TrainerOptions options,
        CancellationToken cancel)
    {
        var relabelled = part with { Data = Relabel(part, gains) };
        var fair = options with { BalanceClasses = false };
        if (CartModel.Prepare(relabelled, fair, cancel) is not { } model)
        {
            return ConstantModel.Create(relabelled, fair);
        }

        var grower = new CartGrower(model.Planes, model.Weights, Growth);
        return model.Finish([grower.Grow(model.Planes.Occupied(), random: null, options.Threads, cancel)]);
    }

    /// <summary>The same flows, with what escalation did to them as their class.</summary>
    static DataSet Relabel(TrainingPart part, IReadOnlyList<int> gains)
    {
        var flows = part.Data.Flows.ToArray();
        foreach (var (place, flow) in part.Flows.Index())
        {
            flows[flow] = flows[flow] with { Label = GainModel.NoChange + gains[place] };
        }

        return new()
        {
            Schema = part.Data.Schema,
            Depth = part.Data.Depth,
            WaitLimit = part.Data.WaitLimit,
            Labels = Outcomes,
            Captures = part.Data.Captures,
            Flows = flows,
            Headers = part.Data.Headers,
        };
    }
}
