using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Onnx;

/// <summary>Scores rows of a matrix with a model in ONNX's format: every column, in the schema's order.</summary>
sealed class OnnxColumnScorer(OnnxModel model) : IColumnScorer
{
    readonly int[] columns = [.. Enumerable.Range(0, model.Columns)];

    public int Classes => model.Classes;

    public ReadOnlyMemory<int> Columns => columns;

    public void Score(ReadOnlySpan<float> rows, int count, Span<float> probabilities)
    {
        var output = new float[count * Classes];
        using (var batch = CreateBatch(rows[..(count * columns.Length)], output, count))
        {
            batch.Run();
        }

        output.CopyTo(probabilities);
    }

    OnnxBatch CreateBatch(ReadOnlySpan<float> rows, float[] output, int count)
    {
        if (!model.IsInt8)
        {
            return new(model, rows.ToArray(), output, count);
        }

        var bytes = new sbyte[rows.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (sbyte)rows[i];
        }

        return new(model, bytes, output, count);
    }
}
