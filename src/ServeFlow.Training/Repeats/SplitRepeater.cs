using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Pipeline;
using ServeFlow.Training.Trainers;

namespace ServeFlow.Training.Repeats;

/// <summary>
/// Repeats a training and its evaluation with other captures held back each time (repeated hold-out), so that figures
/// do not rest on one division of the captures.
/// </summary>
/// <param name="request">The training; its share of captures held back is used for each split.</param>
/// <param name="open">Loads a bundle that was written.</param>
public sealed class SplitRepeater(TrainRequest request, Func<string, Bundle> open)
{
    /// <summary>Specifies the share of the captures that is held back where the training names none.</summary>
    public const double DefaultHoldOut = 0.25;

    /// <summary>Gets the share of the captures that each split holds back.</summary>
    public double HoldOut { get; } = request.HoldOut > 0 ? request.HoldOut : DefaultHoldOut;

    /// <summary>Trains and evaluates as many times; bundles lie in a temporary folder that is removed.</summary>
    /// <param name="splits">How often; split <c>i</c> has the training's seed plus <c>i</c>, from 0.</param>
    /// <exception cref="InputException">The captures cannot be divided, or a training cannot be carried
    /// out.</exception>
    public RepeatedSplits Run(int splits, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("serveflow-splits-").FullName;
        try
        {
            var runs = new List<SplitRun>();
            for (var split = 0; split < splits; split++)
            {
                runs.Add(RunSplit(split, splits, Path.Combine(folder, $"split-{split + 1}"), progress, cancel));
            }

            return new(HoldOut, request.Goal.MaxLoss, runs);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    SplitRun RunSplit(int split, int splits, string path, IProgress<TrainingProgress>? progress,
        CancellationToken cancel)
    {
        var seed = request.Options.Seed + split;
        var part = progress is null ? null : new SplitProgress(progress, split, splits);
        var trained = CascadeTrainer.Train(request with
        {
            Bundle = path,
            HoldOut = HoldOut,
            Options = request.Options with { Seed = seed },
        }, part, cancel);
        var bundle = open(trained.Bundle);
        return new(seed, Evaluator.Run(
            new() { Bundle = bundle, Data = request.Data.With(bundle.Plan.Schema), Seed = seed }, cancel: cancel));
    }

    /// <summary>Says which split is being worked on.</summary>
    sealed class SplitProgress(IProgress<TrainingProgress> whole, int split, int splits) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => whole.Report(new(
            (split + Math.Clamp(value.Done, 0, 1)) / splits, $"split {split + 1} of {splits}: {value.What}"));
    }
}

/// <summary>
/// Represents one division of the captures: a cascade that was trained on one part and evaluated on the other.
/// </summary>
/// <param name="Seed">The seed that the captures were divided by.</param>
public sealed record SplitRun(int Seed, EvaluationResult Evaluated);
