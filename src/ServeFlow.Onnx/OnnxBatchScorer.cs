using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;

namespace ServeFlow.Onnx;

/// <summary>
/// Scores flows with a model in ONNX's format. Rows and outputs are this scorer's own memory, bound to the model once
/// per batch size; ONNX Runtime's binding allocates a few small objects a call, so that such a tier allocates a little
/// per batch, nothing per packet.
/// </summary>
sealed class OnnxBatchScorer : IBatchScorer
{
    readonly OnnxModel model;
    readonly FeatureSchema schema;
    readonly float[] row;
    readonly float[] floats;
    readonly sbyte[] bytes;
    readonly float[] output;
    readonly OnnxBatch?[] batches = new OnnxBatch?[IBatchScorer.Capacity + 1];

    public OnnxBatchScorer(OnnxModel model, FeatureSchema schema)
    {
        this.model = model;
        this.schema = schema;
        var values = IBatchScorer.Capacity * model.Columns;
        row = model.IsInt8 ? new float[model.Columns] : [];
        (floats, bytes) = model.IsInt8 ? (Array.Empty<float>(), new sbyte[values]) : (new float[values], []);
        output = new float[IBatchScorer.Capacity * model.Classes];
    }

    public int Classes => model.Classes;

    public void Add(int place, ReadOnlySpan<HeaderRecord> packets)
    {
        var (from, columns) = (place * model.Columns, model.Columns);
        if (!model.IsInt8)
        {
            schema.ExtractAll(packets, floats.AsSpan(from, columns));
            return;
        }

        schema.ExtractAll(packets, row);
        var target = bytes.AsSpan(from, columns);
        for (var i = 0; i < columns; i++)
        {
            target[i] = (sbyte)row[i];
        }
    }

    public void Score(int count, Span<float> probabilities)
    {
        if (count == 0)
        {
            return;
        }

        Batch(count).Run();
        output.AsSpan(0, count * Classes).CopyTo(probabilities);
    }

    /// <summary>Batches of each size that came up are kept.</summary>
    OnnxBatch Batch(int count) => batches[count] ??= model.IsInt8
        ? new(model, bytes, output, count)
        : new(model, floats, output, count);
}
