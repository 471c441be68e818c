using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;
using ServeFlow.Models;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Trainers;

/// <summary>Trains models of the kinds, and with the options, that were asked for.</summary>
sealed class ModelTrainer
{
    readonly IReadOnlyList<ITrainer> trainers;

    /// <param name="trainers">The kinds of models, each under its own name.</param>
    /// <param name="options">The options that every training starts from.</param>
    public ModelTrainer(IReadOnlyList<ITrainer> trainers, TrainerOptions options)
    {
        this.trainers = trainers;
        Options = options;
    }

    public TrainerOptions Options { get; }

    /// <summary>Trains a model on a fold's training part and stops early by what is held out of it.</summary>
    public TrainedModel Train(ModelSpec spec, SplitParts fold, IProgress<TrainingProgress>? progress,
        CancellationToken cancel) =>
        Find(spec).Train(new(fold.Train, spec.Depth), new(fold.HeldOut, spec.Depth), Options, progress, cancel);

    /// <summary>Trains a model for as many rounds as the options say.</summary>
    public TrainedModel Train(ModelSpec spec, FlowSample flows, TrainerOptions options,
        IProgress<TrainingProgress>? progress, CancellationToken cancel) =>
        Find(spec).Train(new(flows, spec.Depth), null, options, progress, cancel);

    /// <summary>Compiles a trained model for the engine that will serve it.</summary>
    /// <param name="schema">The features that the model was trained on.</param>
    /// <param name="rounds">The rounds to keep of those that its text holds; null keeps all.</param>
    public static CompiledModel Compile(TrainedModel model, ModelSpec spec, FeatureSchema schema, int? rounds = null)
    {
        var forest = LightGbmText.Read(model.ModelText, spec.ToString());
        return new(rounds < model.TextRounds ? forest.Truncate(rounds.Value) : forest, schema, spec.Depth,
            spec.ToString());
    }

    ITrainer Find(ModelSpec spec) => trainers.First(trainer => trainer.Name == spec.Model);
}
