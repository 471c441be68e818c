namespace ServeFlow.Training.Trainers;

/// <summary>Represents a single decision tree: the fastest tier.</summary>
public sealed class DtTrainer : ITrainer
{
    static readonly CartOptions Growth = new()
    {
        MaxLeaves = 1024,
        MaxDepth = 32,
        MinLeafFlows = 3,
        Smoothing = 2,
    };

    public string Name => "dt";

    public TrainedModel Train(TrainingPart train, TrainingPart? validation, TrainerOptions options,
        IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        progress?.Report(new TrainingProgress(0, "columns"));
        if (CartModel.Prepare(train, options, cancel) is not { } model)
        {
            return ConstantModel.Create(train, options);
        }

        progress?.Report(new TrainingProgress(0.5, "growing"));
        var grower = new CartGrower(model.Planes, model.Weights, Growth);
        var trees = grower.Grow(model.Planes.Occupied(), random: null, options.Threads, cancel);
        progress?.Report(new TrainingProgress(1, "growing"));
        return model.Finish([trees]);
    }
}
