using Microsoft.ML.OnnxRuntime;

namespace ServeFlow.Onnx;

/// <summary>Holds rows and probabilities in the caller's memory, bound to a model once: running copies
/// nothing.</summary>
public sealed class OnnxBatch : IDisposable
{
    readonly OnnxModel model;
    readonly OrtValue[] inputs;
    readonly OrtValue[] outputs;

    /// <param name="rows">[count × columns], row-major; pinned until this is disposed of.</param>
    /// <param name="probabilities">[count × classes], row-major; pinned likewise.</param>
    public OnnxBatch(OnnxModel model, Memory<float> rows, Memory<float> probabilities, int count)
        : this(model, BindRows(model, rows, count), probabilities, count)
    {
    }

    /// <inheritdoc cref="OnnxBatch(OnnxModel, Memory{float}, Memory{float}, int)"/>
    public OnnxBatch(OnnxModel model, Memory<sbyte> rows, Memory<float> probabilities, int count)
        : this(model, BindRows(model, rows, count), probabilities, count)
    {
    }

    OnnxBatch(OnnxModel model, OrtValue rows, Memory<float> probabilities, int count)
    {
        this.model = model;
        inputs = [rows];
        outputs = [Bind(probabilities[..(count * model.Classes)], [count, model.Classes])];
    }

    public void Run() => model.Run(inputs, outputs);

    public void Dispose()
    {
        inputs[0].Dispose();
        outputs[0].Dispose();
    }

    static OrtValue BindRows<T>(OnnxModel model, Memory<T> rows, int count) where T : unmanaged =>
        Bind(rows[..(count * model.Columns)], [count, .. model.RowShape.Select(d => (long)d)]);

    static OrtValue Bind<T>(Memory<T> memory, long[] shape) where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, memory, shape);
}
