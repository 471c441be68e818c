using ServeFlow.Training.Trainers.Native;

namespace ServeFlow.Training.Tests.Trainers;

/// <summary>A small model that LightGBM trained on random rows, and rows to ask it about.</summary>
sealed record SyntheticModel(string Text, float[] Rows, int Columns)
{
    const int TrainingRows = 600;

    /// <summary>
    /// The kinds of model that golden files hold: name, classes, LightGBM's parameters, share of NaN.
    /// </summary>
    public static readonly IReadOnlyList<(string Name, int Classes, string Parameters, double Nan)> Kinds =
    [
        ("multiclass", 3, "objective=multiclass num_class=3", 0),
        ("multiclassova", 3, "objective=multiclassova num_class=3 sigmoid=1.5", 0),
        ("binary", 2, "objective=binary sigmoid=0.7", 0),
        ("nan_missing", 3, "objective=multiclass num_class=3", 0.2),
        ("zero_missing", 3, "objective=multiclass num_class=3 zero_as_missing=true", 0.1),
        ("missing_unused", 2, "objective=binary use_missing=false", 0.1),
        ("random_forest", 3, "objective=multiclass num_class=3 boosting=rf bagging_freq=1 bagging_fraction=0.6", 0),
    ];

    /// <summary>Trains on random rows; the rows to ask about hold what training never saw, too.</summary>
    public static SyntheticModel Train(int classes, string parameters, double nan, int seed, int rounds = 4)
    {
        var random = new Random(seed);
        var columns = 8;
        var train = Enumerable.Range(0, TrainingRows).SelectMany(_ => Row(random, columns, nan)).ToArray();
        var labels = Enumerable.Range(0, TrainingRows)
            .Select(r => (float)Label(train.AsSpan(r * columns, columns), classes, random)).ToArray();
        var all = $"{parameters} num_leaves=7 min_data_in_leaf=5 deterministic=true force_col_wise=true "
            + $"num_threads=1 verbosity=-1 seed={seed}";
        using var data = LightGbmDataSet.FromSample(train, columns, TrainingRows, all);
        data.Push(train, 0);
        data.SetField("label", labels);
        using var booster = LightGbmBooster.Create(data, all);
        for (var i = 0; i < rounds && !booster.Update(); i++)
        {
        }

        var asked = Enumerable.Range(0, 200).SelectMany(i => Row(random, columns, i < 100 ? nan : 0.3)).ToArray();
        return new SyntheticModel(booster.Save(-1), asked, columns);
    }

    static int Label(Span<float> row, int classes, Random random)
    {
        var score = (row[0] > 0 ? 1 : 0) + (row[2] > 20 ? 1 : 0) + (float.IsNaN(row[5]) || row[5] == 0 ? 1 : 0);
        return random.Next(5) == 0 ? random.Next(classes) : score % classes;
    }

    /// <summary>Bits with absences, sizes, signed numbers, values around LightGBM's zero threshold.</summary>
    static IEnumerable<float> Row(Random random, int columns, double nan)
    {
        for (var c = 0; c < columns; c++)
        {
            yield return random.NextDouble() < nan ? float.NaN : (c % 4) switch
            {
                0 => random.Next(-1, 2),
                1 => random.Next(0, 5) * 1e-35f,
                2 => random.Next(0, 40),
                _ => (float)(random.NextDouble() - 0.5),
            };
        }
    }
}
