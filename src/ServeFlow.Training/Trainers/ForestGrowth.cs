using ServeFlow.Models;

namespace ServeFlow.Training.Trainers;

/// <summary>Grows the trees of a forest side by side.</summary>
static class ForestGrowth
{
    /// <param name="trees">How many trees there are.</param>
    /// <param name="grow">Grows one tree, an array with a tree a class, from a generator of its own.</param>
    /// <returns>The trees in the order of their numbers, which no number of threads changes.</returns>
    public static Tree[][] Grow(int trees, Func<Random, Tree[]> grow, TrainerOptions options,
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
