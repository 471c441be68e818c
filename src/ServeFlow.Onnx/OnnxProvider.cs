namespace ServeFlow.Onnx;

/// <summary>Names an execution provider of ONNX Runtime: what computes a model's operations.</summary>
public enum OnnxProvider
{
    /// <summary>The processor, by ONNX Runtime's own kernels. Every build has it.</summary>
    Cpu,

    /// <summary>A GPU of NVIDIA.</summary>
    Cuda,

    /// <summary>Intel's OpenVINO, on the first device that it finds.</summary>
    OpenVino,
}
