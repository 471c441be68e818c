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

    /// <summary>Specifies the number of rows × columns below which LightGBM's threads wait for each other longer than
    /// they work: on 8,000 flows at 5 packets of a busy machine two threads took four times the processor time of
    /// one.</summary>
    const long ParallelValues = 1L << 26;

    public string Name => "lgbm";

    /// <inheritdoc/>
    public void Require() => LightGbmLibrary.Require();

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
        var parameters = FormatParameters(train.Classes.Count, (long)train.Flows.Count * columns.Length, options);
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

    /// <summary>Formats LightGBM's parameters, chosen for header bits: very many columns of three values each.
    /// </summary>
    /// <param name="values">Rows × columns to train on.</param>
    static string FormatParameters(int classes, long values, TrainerOptions options) => string.Join(' ',
        $"objective=multiclass num_class={classes} metric=multi_logloss",
        // Twice LightGBM's usual step: the same scores on held-back captures of home devices with a third of the
        // trees, which serving pays for. The step needs firm leaves: with the usual minimum of 0.001 training
        // diverges on classes of few flows, and early stopping then keeps a handful of rounds.
        "learning_rate=0.2 num_leaves=31 min_data_in_leaf=3 min_sum_hessian_in_leaf=1 lambda_l2=1",
        // Neighbouring bits say much the same: a fifth of the columns a tree is faster and no worse.
        "feature_fraction=0.2 bagging_fraction=0.8 bagging_freq=1",
        // Header bits need 3 bins; sizes and times are served by 63.
        "max_bin=63 min_data_in_bin=3",
        $"seed={options.Seed} deterministic=true force_col_wise=true",
        $"num_threads={(values < ParallelValues ? 1 : options.Threads)} verbosity=-1");

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
