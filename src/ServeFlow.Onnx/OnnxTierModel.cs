using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;

namespace ServeFlow.Onnx;

/// <summary>Represents a model in ONNX's format as a tier: every column of its packets, in the schema's
/// order.</summary>
/// <param name="bytes">The model file's length, which is what its weights take; ONNX Runtime's own buffers for a
/// batch come on top and are not known.</param>
/// <param name="engine">What computes it.</param>
sealed class OnnxTierModel(OnnxModel model, FeatureSchema schema, long bytes, string engine) : ITierModel
{
    public int Classes => model.Classes;

    public string EngineName => engine;

    public long MemoryBytes => bytes;

    public ModelWork Work => new(0, 0, 0, model.Columns, bytes);

    public IBatchScorer CreateScorer() => new OnnxBatchScorer(model, schema);

    public IColumnScorer CreateColumnScorer() => new OnnxColumnScorer(model);
}
