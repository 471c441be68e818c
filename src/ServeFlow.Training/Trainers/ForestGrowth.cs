using ServeFlow.Models;

namespace ServeFlow.Training.Trainers;

/// <summary>Trains forests: their trees are grown side by side.</summary>
static class ForestGrowth
{
    const int DefaultTrees = 100;

    /// <summary>Trains a forest on the flows of a part.</summary>
    /// <param name="prepare">Takes the prepared columns and returns what grows one tree, an array with a tree a class,
    /// from a generator of its own.</param>
    public static TrainedModel Train(TrainingPart part, Func<CartModel, Func<Random, Tree[]>> prepare,
        TrainerOptions options, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        progress?.Report(new TrainingProgress(0, "columns"));
        return CartModel.Prepare(part, options, cancel) is { } model
            ? model.Finish(Grow(options.Rounds ?? DefaultTrees, prepare(model), options, progress, cancel))
            : ConstantModel.Create(part, options);
    }

    /// <param name="trees">How many trees there are.</param>
    /// <param name="grow">Grows one tree, an array with a tree a class, from a generator of its own.</param>
    /// <returns>The trees in the order of their numbers, which no number of threads changes.</returns>
    static Tree[][] Grow(int trees, Func<Random, Tree[]> grow, TrainerOptions options,
        IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        var iterations = new Tree[trees][];
        var done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancel };
        Parallel.For(0, trees, parallel, i =>
        {
            // A generator for each tree: the order in which threads take them changes nothing.
            iterations[i] = grow(new Random(unchecked((options.Seed * 1_000_003) + i)));
            progress?.Report(new TrainingProgress((double)Interlocked.Increment(ref done) / trees, "growing"));
        });
        return iterations;
    }
}
