using ServeFlow.Onnx;

namespace ServeFlow.Cli.Benchmarks.Engines;

/// <summary>ONNX Runtime's tree ensemble; rows and probabilities are bound beforehand, nothing is copied.</summary>
sealed class OnnxEngine : IEngine
{
    public const string EngineName = "onnxruntime";

    readonly OnnxModel model;
    readonly OnnxBatch[] batches;
    readonly float[] probabilities;

    /// <param name="model">Shared with other batch sizes; not disposed of here.</param>
    public OnnxEngine(OnnxModel model, BenchRows rows, int batch)
    {
        this.model = model;
        Batch = batch;
        probabilities = new float[rows.Count * model.Classes];
        batches = [.. Enumerable.Range(0, (rows.Count + batch - 1) / batch).Select(b => Bind(rows, b * batch))];
    }

    public string Name => EngineName;

    public string Isa => "native";

    public int Batch { get; }

    public string Covers => "TreeEnsembleClassifier, one thread: rows of floats, bound beforehand, to label and "
        + "probabilities";

    public void Score(int first, int count) => batches[first / Batch].Run();

    public void CopyProbabilities(int first, int count, Span<double> into)
    {
        for (var i = 0; i < count * model.Classes; i++)
        {
            into[i] = probabilities[(first * model.Classes) + i];
        }
    }

    public void Dispose() => Array.ForEach(batches, batch => batch.Dispose());

    OnnxBatch Bind(BenchRows rows, int first)
    {
        var count = Math.Min(Batch, rows.Count - first);
        return new(model, rows.Range(first, count),
            probabilities.AsMemory(first * model.Classes, count * model.Classes), count);
    }
}
