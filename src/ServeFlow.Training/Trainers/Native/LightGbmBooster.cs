using System.Text;

namespace ServeFlow.Training.Trainers.Native;

/// <summary>
/// LightGBM's booster: trains, saves, and predicts with the library's own code, which tests and benchmarks compare
/// ours with. One thread at a time.
/// </summary>
public sealed class LightGbmBooster : IDisposable
{
    nint handle;

    LightGbmBooster(nint handle) => this.handle = handle;

    public int Columns
    {
        get
        {
            LightGbmLibrary.Check(LightGbmNative.BoosterGetNumFeature(handle, out var columns));
            return columns;
        }
    }

    /// <summary>Numbers that a prediction gives for a row: one for each class, 1 where binary.</summary>
    public int Outputs
    {
        get
        {
            LightGbmLibrary.Check(LightGbmNative.BoosterNumModelPerIteration(handle, out var trees));
            return trees;
        }
    }

    /// <summary>Loads a model text. LightGBM's loader trusts its input: give it only what
    /// <see cref="Models.LightGbmText"/> has read.</summary>
    public static LightGbmBooster Load(string modelText)
    {
        LightGbmLibrary.Require();
        LightGbmLibrary.Check(LightGbmNative.BoosterLoadModelFromString(modelText, out _, out var handle));
        return new LightGbmBooster(handle);
    }

    /// <summary>Predicts all rows in one call.</summary>
    /// <param name="rows">[rows × <see cref="Columns"/>], row-major.</param>
    /// <param name="parameters">Such as <c>num_threads=1</c>.</param>
    /// <returns>[rows × <see cref="Outputs"/>], row-major.</returns>
    public double[] Predict(ReadOnlySpan<float> rows, string parameters = "num_threads=1")
    {
        var results = new double[rows.Length / Columns * Outputs];
        Predict(rows, Columns, results, parameters);
        return results;
    }

    /// <summary>The same into the caller's memory, as a program that predicts batch after batch calls it.</summary>
    public void Predict(ReadOnlySpan<float> rows, int columns, Span<double> results,
        string parameters = "num_threads=1") =>
        LightGbmLibrary.Check(LightGbmNative.BoosterPredictForMat(handle, rows, LightGbmNative.Float32,
            rows.Length / columns, columns, 1, LightGbmNative.PredictNormal, 0, -1, parameters, out _, results));

    /// <summary>LightGBM's fastest way to predict one row: what does not depend on it is done once, here.</summary>
    /// <returns>A booster that is to be disposed of before this one.</returns>
    public LightGbmSingleRow PrepareSingleRow()
    {
        LightGbmLibrary.Check(LightGbmNative.BoosterPredictForMatSingleRowFastInit(handle, LightGbmNative.PredictNormal,
            0, -1, LightGbmNative.Float32, Columns, "num_threads=1", out var call));
        return new LightGbmSingleRow(call);
    }

    public void Dispose()
    {
        if (handle != 0)
        {
            _ = LightGbmNative.BoosterFree(handle);
            handle = 0;
        }
    }

    internal static LightGbmBooster Create(LightGbmDataSet train, string parameters)
    {
        LightGbmLibrary.Check(LightGbmNative.BoosterCreate(train.Handle, parameters, out var handle));
        return new LightGbmBooster(handle);
    }

    internal void AddValidation(LightGbmDataSet validation) =>
        LightGbmLibrary.Check(LightGbmNative.BoosterAddValidData(handle, validation.Handle));

    /// <summary>Runs one boosting round; true if no further split could be found.</summary>
    internal bool Update()
    {
        LightGbmLibrary.Check(LightGbmNative.BoosterUpdateOneIter(handle, out var finished));
        return finished != 0;
    }

    /// <summary>Returns the first metric on the first validation set.</summary>
    internal double Evaluate()
    {
        Span<double> results = stackalloc double[8];
        LightGbmLibrary.Check(LightGbmNative.BoosterGetEval(handle, 1, out _, results));
        return results[0];
    }

    /// <summary>Returns the model's text with its first <paramref name="rounds"/> rounds.</summary>
    internal string Save(int rounds)
    {
        LightGbmLibrary.Check(LightGbmNative.BoosterSaveModelToString(handle, 0, rounds, 0, 0, out var length, []));
        var text = new byte[length];
        LightGbmLibrary.Check(LightGbmNative.BoosterSaveModelToString(handle, 0, rounds, 0, length, out length, text));
        return Encoding.UTF8.GetString(text, 0, (int)length - 1);
    }
}
