using ServeFlow.Models;

namespace ServeFlow.Training.Trainers;

/// <summary>Represents a random forest: each tree sees some of the flows, and at each node some of the
/// splits.</summary>
public sealed class RfTrainer : ITrainer
{
    /// <summary>Specifies the share of distinct rows that a bootstrap sample of the same size holds, 1 − 1/e.</summary>
    const double BaggedShare = 0.632;

    public string Name => "rf";

    public TrainedModel Train(TrainingPart train, TrainingPart? validation, TrainerOptions options,
        IProgress<TrainingProgress>? progress, CancellationToken cancel) =>
        ForestGrowth.Train(train, model => Grower(model, cancel), options, progress, cancel);

    static Func<Random, Tree[]> Grower(CartModel model, CancellationToken cancel)
    {
        var grower = new CartGrower(model.Planes, model.Weights, new CartOptions
        {
            MaxLeaves = 256,
            MaxDepth = 32,
            MinLeafFlows = 2,
            SampledSplits = 2 * (int)Math.Ceiling(Math.Sqrt(model.Planes.Count)),
        });
        return random => grower.Grow(Bag(model.Planes, random), random, threads: 1, cancel);
    }

    /// <summary>Draws flows without replacement: a bit cannot count twice.</summary>
    static ulong[] Bag(SplitPlanes planes, Random random)
    {
        var rows = planes.Occupied();
        for (var word = 0; word < rows.Length; word++)
        {
            for (var bit = 0; bit < 64; bit++)
            {
                rows[word] &= random.NextDouble() < BaggedShare ? ulong.MaxValue : ~(1UL << bit);
            }
        }

        return rows;
    }
}
