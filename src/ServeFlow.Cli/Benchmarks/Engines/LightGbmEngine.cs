using ServeFlow.Models;
using ServeFlow.Training.Trainers.Native;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>LightGBM's own library: its single-row-fast call at batch 1, its batch call above.</summary>
sealed class LightGbmEngine : IEngine
{
    public const string EngineName = "lightgbm";

    readonly Forest forest;
    readonly BenchRows rows;
    readonly LightGbmBooster booster;
    readonly LightGbmSingleRow? single;
    readonly double[] results;
    readonly int outputs;

    public LightGbmEngine(BenchModel model, BenchRows rows, int batch)
    {
        (forest, this.rows, Batch) = (model.Forest, rows, batch);
        booster = LightGbmBooster.Load(model.Text);
        outputs = booster.Outputs;
        results = new double[batch * outputs];
        single = batch == 1 ? booster.PrepareSingleRow() : null;
    }

    public string Name => EngineName;

    public string Isa => "native";

    public int Batch { get; }

    public string Covers => (single is null ? "batch call" : "single-row-fast call")
        + ", one thread: rows of floats, prepared beforehand, to probabilities";

    public void Score(int first, int count)
    {
        if (single is null)
        {
            booster.Predict(rows.Range(first, count).Span, rows.Columns, results);
        }
        else
        {
            single.Predict(rows.Row(first), results);
        }
    }

    /// <summary>LightGBM gives one number for two classes, and does not normalise multiclassova.</summary>
    public void CopyProbabilities(int first, int count, Span<double> into)
    {
        for (var i = 0; i < count; i++)
        {
            var row = into.Slice(i * forest.Classes, forest.Classes);
            if (forest.Transform == ScoreTransform.Sigmoid)
            {
                (row[0], row[1]) = (1 - results[i], results[i]);
                continue;
            }

            var own = results.AsSpan(i * outputs, outputs);
            var total = 0.0;
            foreach (var value in own)
            {
                total += value;
            }

            for (var k = 0; k < row.Length; k++)
            {
                row[k] = own[k] / total;
            }
        }
    }

    public void Dispose()
    {
        single?.Dispose();
        booster.Dispose();
    }
}
