using Microsoft.ML.OnnxRuntime;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;

namespace ServeFlow.Onnx;

/// <summary>ONNX, for programs that serve it: <c>new ModelFormats(new OnnxFormat())</c>.</summary>
/// <param name="options">Says what computes models; the processor, on the caller's thread, where it is null.</param>
public sealed class OnnxFormat(OnnxOptions? options = null) : IModelFormat
{
    const string Engine = "onnxruntime";

    readonly OnnxOptions options = options ?? new();

    public string Name => "onnx";

    public string Extension => ".onnx";

    /// <summary>A protocol buffer whose first field is ModelProto's ir_version.</summary>
    public bool MatchesStart(ReadOnlySpan<byte> file) => file is [0x08, ..];

    /// <summary>Links and files with several names are refused.</summary>
    public byte[] Open(string path) => OnnxFile.Read(path);

    public IModelFile Read(byte[] file, string name)
    {
        using var profile = options.Provider == OnnxProvider.Cpu ? null : new ProviderProfile();
        var model = OnnxModel.Load(file, name, options, profile?.Prefix);
        try
        {
            VerifyRuns(model, name);
            var engine = profile is null ? Engine : DescribeEngine(model, name);
            return new OnnxModelFile(model, file.Length, name, engine);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Says what computes the model, which ran with a profile.</summary>
    /// <exception cref="InputException">The provider that was asked for computes nothing of it.</exception>
    string DescribeEngine(OnnxModel model, string name)
    {
        var (own, all) = ProviderProfile.Count(model.EndProfile(), ProviderName.FindLong(options.Provider));
        var provider = ProviderName.Find(options.Provider);
        return own == 0
            ? throw new InputException($"{name}: the provider {provider} computes none of its {all} operations; give "
                + "another --onnx-provider")
            : $"{Engine} ({provider}{(own < all ? $", {all - own} of {all} operations on cpu" : "")})";
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

/// <summary>Represents an ONNX model that was read and runs.</summary>
/// <param name="bytes">Its file's length.</param>
/// <param name="name">What errors call it: its path.</param>
/// <param name="engine">What computes it.</param>
sealed class OnnxModelFile(OnnxModel model, long bytes, string name, string engine) : IModelFile
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
                + "it was trained on");
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
            : new OnnxTierModel(model, schema, bytes, engine);
    }
}
