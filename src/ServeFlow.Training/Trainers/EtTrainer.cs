using ServeFlow.Models;

namespace ServeFlow.Training.Trainers;

/// <summary>
/// Extremely randomised trees (Geurts, Ernst and Wehenkel 2006): each tree sees all flows, and at each node the best of
/// a few splits whose columns and thresholds are drawn at random. The trees differ more than those of a random forest,
/// so that their mean is steadier on captures to come.
/// </summary>
public sealed class EtTrainer : ITrainer
{
    public string Name => "et";

    public TrainedModel Train(TrainingPart train, TrainingPart? validation, TrainerOptions options,
        IProgress<TrainingProgress>? progress, CancellationToken cancel) =>
        ForestGrowth.Train(train, model => Grower(model, cancel), options, progress, cancel);

    static Func<Random, Tree[]> Grower(CartModel model, CancellationToken cancel)
    {
        var grower = new CartGrower(model.Planes, model.Weights, new CartOptions
        {
            // Trees of ten thousand flows end at about 500 leaves of themselves: the limit is for larger sets.
            MaxLeaves = 1024,
            MaxDepth = 48,
            MinLeafFlows = 1,
            SampledColumns = (int)Math.Ceiling(Math.Sqrt(model.Planes.Columns)),
        });
        var flows = model.Planes.Occupied();
        return random => grower.Grow(flows, random, threads: 1, cancel);
    }
}
