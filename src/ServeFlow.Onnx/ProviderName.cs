namespace ServeFlow.Onnx;

/// <summary>Spells execution providers as users do and as ONNX Runtime does.</summary>
static class ProviderName
{
    /// <summary>Finds what users call it: <c>cuda</c>.</summary>
    public static string Find(OnnxProvider provider) => $"{provider}".ToLowerInvariant();

    /// <summary>Finds what ONNX Runtime calls it: <c>CUDAExecutionProvider</c>.</summary>
    public static string FindLong(OnnxProvider provider) => provider switch
    {
        OnnxProvider.Cpu => "CPUExecutionProvider",
        OnnxProvider.Cuda => "CUDAExecutionProvider",
        OnnxProvider.OpenVino => "OpenVINOExecutionProvider",
        _ => throw new ArgumentOutOfRangeException(nameof(provider), provider, "has no name"),
    };
}
