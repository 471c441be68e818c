using ServeFlow.Features;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Trainers;

/// <summary>Trains one kind of model on the first packets of labelled flows.</summary>
public interface ITrainer
{
    /// <summary>Gets the name that options and bundles use: <c>dt</c>, <c>rf</c>, <c>et</c>, <c>lgbm</c>.</summary>
    string Name { get; }

    /// <summary>Sees that it can train on this machine, before captures are read.</summary>
    /// <exception cref="InputException">It cannot; says what to install, or to do instead.</exception>
    void Require()
    {
    }

    /// <summary>Trains on <paramref name="train"/>, stops early on <paramref name="validation"/> where that is given
    /// and the kind of model can.</summary>
    TrainedModel Train(TrainingPart train, TrainingPart? validation, TrainerOptions options,
        IProgress<TrainingProgress>? progress, CancellationToken cancel);
}

/// <summary>Represents flows to learn from, seen to a packet depth.</summary>
/// <param name="Flows">The flows, with the classes to learn.</param>
/// <param name="Depth">Packets used of each.</param>
public sealed record TrainingPart(FlowSample Flows, int Depth)
{
    public FeatureSchema Schema => Flows.Data.Schema;

    public IReadOnlyList<string> Classes => Flows.Classes;
}

/// <summary>Holds what may be asked of a trainer.</summary>
public sealed record TrainerOptions
{
    public int Seed { get; init; } = 1;

    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Limits the boosting rounds; null leaves the number to the trainer. Exact where there is no validation part.
    /// </summary>
    public int? Rounds { get; init; }

    /// <summary>Weigh each class by the inverse of its share.</summary>
    public bool BalanceClasses { get; init; }
}

/// <summary>Represents a trained model.</summary>
/// <param name="ModelText">LightGBM's text format: the artefact that a bundle keeps, columns named as in the
/// schema.</param>
/// <param name="Rounds">Boosting rounds or trees that are best, to train again without a validation part.</param>
public sealed record TrainedModel(string ModelText, int Rounds)
{
    /// <summary>Gets the rounds that the text holds where early stopping went on beyond the best one; else
    /// <see cref="Rounds"/>.</summary>
    public int TextRounds { get => field == 0 ? Rounds : field; init; }
}

/// <summary>Tells how far a training has come.</summary>
/// <param name="Done">Share of the work done, 0–1.</param>
/// <param name="What">What is being done, for a progress bar.</param>
public readonly record struct TrainingProgress(double Done, string What);
