using ServeFlow.Cascade.Scoring;
using ServeFlow.Onnx;

namespace ServeFlow.Cli.Inputs;

/// <summary>Lists every format of models that this program serves.</summary>
static class ServedFormats
{
    public static ModelFormats All { get; } = new(new OnnxFormat());
}
