using Microsoft.ML.OnnxRuntime;

namespace ServeFlow.Onnx;

/// <summary>Rows and probabilities in the caller's memory, bound to a model once: running copies nothing.</summary>
public sealed class OnnxBatch : IDisposable
{
    readonly OnnxModel model;
    readonly OrtValue[] inputs;
    readonly OrtValue[] outputs;

    /// <param name="rows">[count × columns], row-major; pinned until this is disposed of.</param>
    /// <param name="probabilities">[count × classes], row-major; pinned likewise.</param>
    public OnnxBatch(OnnxModel model, Memory<float> rows, Memory<float> probabilities, int count)
    {
        this.model = model;
        inputs = [Bind(rows, count, model.Columns)];
        outputs = [Bind(probabilities, count, model.Classes)];
    }

    public void Run() => model.Run(inputs, outputs);

    public void Dispose()
    {
        inputs[0].Dispose();
        outputs[0].Dispose();
    }

    static OrtValue Bind(Memory<float> memory, int rows, int columns) => OrtValue.CreateTensorValueFromMemory(
        OrtMemoryInfo.DefaultInstance, memory[..(rows * columns)], [rows, columns]);
}
