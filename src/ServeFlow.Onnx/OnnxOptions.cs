namespace ServeFlow.Onnx;

/// <summary>Says what computes models in ONNX's format.</summary>
public sealed record OnnxOptions
{
    /// <summary>Gets the execution provider.</summary>
    public OnnxProvider Provider { get; init; }

    /// <summary>Gets how many threads share the work of one run, that of the caller among them.</summary>
    public int Threads { get; init; } = 1;
}
