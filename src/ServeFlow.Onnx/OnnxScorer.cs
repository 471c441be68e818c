using ServeFlow.Models;

namespace ServeFlow.Onnx;

/// <summary>
/// A model in ONNX's format behind the interface of all models. ONNX Runtime's binding allocates a few small objects
/// a call; rows and probabilities stay in memory of this scorer's own.
/// </summary>
public sealed class OnnxScorer : IScorer, IDisposable
{
    /// <summary>Limits the rows of one run; larger batches take several.</summary>
    public const int MaxRows = 512;

    readonly OnnxModel model;
    readonly int[] columns;
    readonly float[] input;
    readonly float[] output;
    readonly OnnxBatch?[] batches = new OnnxBatch?[MaxRows + 1];

    /// <param name="columns">Schema number of each of the model's columns, in their order.</param>
    public OnnxScorer(OnnxModel model, ReadOnlySpan<int> columns)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(columns.Length, model.Columns);
        this.model = model;
        this.columns = columns.ToArray();
        input = new float[MaxRows * model.Columns];
        output = new float[MaxRows * model.Classes];
    }

    public int Classes => model.Classes;

    public ReadOnlyMemory<int> Columns => columns;

    public void Score(ReadOnlySpan<float> rows, int count, Span<float> probabilities)
    {
        for (var first = 0; first < count; first += MaxRows)
        {
            var part = Math.Min(MaxRows, count - first);
            rows.Slice(first * model.Columns, part * model.Columns).CopyTo(input);
            Batch(part).Run();
            output.AsSpan(0, part * Classes).CopyTo(probabilities[(first * Classes)..]);
        }
    }

    public void Dispose()
    {
        foreach (var batch in batches)
        {
            batch?.Dispose();
        }
    }

    /// <summary>Batches of each size that came up are kept.</summary>
    OnnxBatch Batch(int count) => batches[count] ??= new(model, input, output, count);
}
