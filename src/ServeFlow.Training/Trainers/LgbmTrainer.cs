using ServeFlow.Training.Trainers.Native;

namespace ServeFlow.Training.Trainers;

/// <summary>Gradient-boosted trees by LightGBM's native library, one softmax over the classes.</summary>
public sealed class LgbmTrainer : ITrainer
{
    /// <summary>Limits the rounds where a validation part stops them earlier.</summary>
    const int MaxRounds = 120;

    /// <summary>Rounds where there is neither a validation part nor a number asked for.</summary>
    const int DefaultRounds = 60;

    /// <summary>Rounds without a better multi_logloss on the validation part after which training stops.</summary>
    const int EarlyStoppingRounds = 10;

    /// <summary>A round counts as better from here on: what gains less is not worth its trees at every flow.</summary>
    const double MinImprovement = 0.001;

    public string Name => "lgbm";

    public TrainedModel Train(TrainingPart train, TrainingPart? validation, TrainerOptions options,
        IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        progress?.Report(new TrainingProgress(0, "columns"));
        var columns = PartRows.DistinctColumns(train, options.Threads, cancel);
        if (columns.Length == 0)
        {
            return ConstantModel.Create(train, options);
        }

        progress?.Report(new TrainingProgress(0, "binning"));
        var parameters = LgbmParameters.Format(train.Classes.Count, (long)train.Flows.Count * columns.Length, options);
        using var trainData = BinnedPart.FromTraining(train, columns, parameters, options, cancel);
        using var validationData = validation is { Flows.Count: > 0 }
            ? BinnedPart.FromReference(trainData, validation, columns, options, cancel)
            : null;
        using var booster = LightGbmBooster.Create(trainData, parameters);
        if (validationData is null)
        {
            var rounds = Boost(booster, options.Rounds ?? DefaultRounds, progress, cancel);
            return new TrainedModel(booster.Save(rounds), rounds);
        }

        var (best, trained) = BoostWithEarlyStopping(booster, validationData, options.Rounds ?? MaxRounds,
            progress, cancel);
        return new TrainedModel(booster.Save(trained), best) { TextRounds = trained };
    }

    static int Boost(LightGbmBooster booster, int rounds, IProgress<TrainingProgress>? progress,
        CancellationToken cancel)
    {
        for (var round = 0; round < rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            if (booster.Update())
            {
                return Math.Max(round, 1);
            }

            progress?.Report(new TrainingProgress((round + 1.0) / rounds, "boosting"));
        }

        return rounds;
    }

    /// <returns>The number of rounds after which the loss improved no more, and all that were trained.</returns>
    static (int Best, int All) BoostWithEarlyStopping(LightGbmBooster booster, LightGbmDataSet validation, int rounds,
        IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        booster.AddValidation(validation);
        var (best, all, bestLoss) = (1, 1, double.PositiveInfinity);
        for (var round = 1; round <= rounds && round - best <= EarlyStoppingRounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            if (booster.Update())
            {
                break;
            }

            all = round;
            var loss = booster.Evaluate();
            if (loss < bestLoss * (1 - MinImprovement))
            {
                (best, bestLoss) = (round, loss);
            }

            progress?.Report(new TrainingProgress((double)round / rounds, "boosting"));
        }

        progress?.Report(new TrainingProgress(1, "boosting"));
        return (best, all);
    }
}
