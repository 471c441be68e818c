using ServeFlow.Training.Trainers.Native;

namespace ServeFlow.Training.Trainers;

/// <summary>
/// Boosted trees of an exact shape on rows in memory: what a benchmark asks for. Where a user's captures are to be
/// learned, <see cref="LgbmTrainer"/> chooses the shape.
/// </summary>
public sealed record MatrixBoosting
{
    public required IReadOnlyList<string> ColumnNames { get; init; }

    public required int Classes { get; init; }

    public required int Rounds { get; init; }

    /// <summary>Leaves of every tree, as far as the rows can be split so often.</summary>
    public required int Leaves { get; init; }

    public int Seed { get; init; } = 1;

    // Small steps and leaves of any weight: every tree grows to its full size, to the last round.
    string Parameters => $"objective=multiclass num_class={Classes} num_leaves={Leaves} learning_rate=0.05 "
        + "min_data_in_leaf=5 min_sum_hessian_in_leaf=0 feature_fraction=0.2 max_bin=63 "
        + $"feature_pre_filter=false seed={Seed} deterministic=true force_col_wise=true num_threads=1 verbosity=-1";

    /// <param name="rows">[rows × columns], row-major.</param>
    /// <param name="labels">A class, from 0, for each row.</param>
    /// <returns>The model's text.</returns>
    public string Train(float[] rows, float[] labels, IProgress<TrainingProgress>? progress, CancellationToken cancel)
    {
        using var data = LightGbmDataSet.FromSample(rows, ColumnNames.Count, labels.Length, Parameters);
        data.Push(rows, 0);
        data.SetField("label", labels);
        data.SetColumnNames([.. ColumnNames]);
        using var booster = LightGbmBooster.Create(data, Parameters);
        for (var round = 0; round < Rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            progress?.Report(new TrainingProgress((double)round / Rounds, "training a model"));
            if (booster.Update())
            {
                break;
            }
        }

        return booster.Save(-1);
    }
}
