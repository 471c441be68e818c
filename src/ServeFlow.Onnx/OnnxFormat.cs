using Microsoft.ML.OnnxRuntime;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;

namespace ServeFlow.Onnx;

/// <summary>ONNX, for programs that serve it: <c>new ModelFormats(new OnnxFormat())</c>.</summary>
public sealed class OnnxFormat : IModelFormat
{
    public string Name => "onnx";

    public string Extension => ".onnx";

    /// <summary>A protocol buffer whose first field is ModelProto's ir_version.</summary>
    public bool MatchesStart(ReadOnlySpan<byte> file) => file is [0x08, ..];

    /// <summary>Links and files with several names are refused.</summary>
    public byte[] Open(string path) => OnnxFile.Read(path);

    public IModelFile Read(byte[] file, string name)
    {
        var model = OnnxModel.Load(file, name);
        try
        {
            VerifyRuns(model, name);
            return new OnnxModelFile(model, file.Length, name);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Runs batches of several sizes: a graph may be well formed and still have one batch size baked into it.
    /// </summary>
    static void VerifyRuns(OnnxModel model, string name)
    {
        foreach (var count in (ReadOnlySpan<int>)[1, 3])
        {
            var probabilities = new float[count * model.Classes];
            try
            {
                using var batch = model.IsInt8
                    ? new OnnxBatch(model, new sbyte[count * model.Columns], probabilities, count)
                    : new OnnxBatch(model, new float[count * model.Columns], probabilities, count);
                batch.Run();
            }
            catch (OnnxRuntimeException e)
            {
                throw new InputException($"{name}: does not run on a batch of {count} rows ("
                    + $"{InputException.Quote(e.Message)}); export it with a dynamic batch "
                    + "(in PyTorch: dynamic_axes)", e);
            }
        }
    }
}

/// <summary>An ONNX model that was read and runs.</summary>
/// <param name="bytes">Its file's length.</param>
/// <param name="name">What errors call it: its path.</param>
sealed class OnnxModelFile(OnnxModel model, long bytes, string name) : IModelFile
{
    public int Classes => model.Classes;

    public int Columns => model.Columns;

    public IReadOnlyList<string> ColumnNames => [];

    public IReadOnlyList<KeyValuePair<string, string>> Facts =>
    [
        new("input", $"{(model.IsInt8 ? "int8" : "float")} [batch, {string.Join(", ", model.RowShape)}]"),
        new("output", $"{model.OutputName}: float [batch, {model.Classes}]"),
        new("bytes", $"{bytes}"),
    ];

    public ITierModel Bind(FeatureSchema schema, int depth)
    {
        var packets = schema.ColumnsPerPacket;
        if (model.Columns != (long)depth * packets)
        {
            throw new InputException(
                $"{name}: takes {model.Columns} values a flow, but {depth} packets of {schema.Set} "
                + $"with mask {schema.Mask} have {(long)depth * packets}; use the feature set, mask and packets that "
                + "it "
                + "was trained on");
        }

        if (depth != packets && depth > 1 && model.RowShape is [var first, var second] && first == packets
            && second == depth)
        {
            throw new InputException($"{name}: takes [bits, packets], but a row has its packets one after the other; "
                + $"make the input [batch, {depth}, {packets}] and transpose inside the model");
        }

        return model.IsInt8 && !schema.IsBinary
            ? throw new InputException(
                $"{name}: takes int8, but sizes and times of {schema.Set} do not fit it; use floats")
            : new OnnxTierModel(model, schema, bytes);
    }
}
