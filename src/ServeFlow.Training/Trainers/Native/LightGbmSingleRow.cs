namespace ServeFlow.Training.Trainers.Native;

/// <summary>LightGBM's single-row-fast call, prepared by <see cref="LightGbmBooster.PrepareSingleRow"/>.</summary>
public sealed class LightGbmSingleRow : IDisposable
{
    nint call;

    internal LightGbmSingleRow(nint call) => this.call = call;

    /// <param name="row">[<see cref="LightGbmBooster.Columns"/>]</param>
    /// <param name="results">[<see cref="LightGbmBooster.Outputs"/>]</param>
    public void Predict(ReadOnlySpan<float> row, Span<double> results) =>
        LightGbmLibrary.Check(LightGbmNative.BoosterPredictForMatSingleRowFast(call, row, out _, results));

    public void Dispose()
    {
        if (call != 0)
        {
            _ = LightGbmNative.FastConfigFree(call);
            call = 0;
        }
    }
}
