using System.Text.Json;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>
/// What a server says of its model, by the metadata of the Open Inference Protocol, and that it fits the tier.
/// </summary>
sealed record InferenceModel
{
    /// <summary>Names the output of a ServeFlow server that is not calibrated yet.</summary>
    public const string Scores = "scores";

    const string Probabilities = "probabilities";

    /// <summary>Gets the name of the input.</summary>
    public required string Input { get; init; }

    /// <summary>Gets whether the input is of bytes; else it is of floats.</summary>
    public required bool IsInt8 { get; init; }

    /// <summary>Gets the dimensions of a row.</summary>
    public required IReadOnlyList<long> RowShape { get; init; }

    /// <summary>Gets the name of the output that is asked for.</summary>
    public required string Output { get; init; }

    /// <summary>Gets whether rows of the output are those of the model itself, as it was made elsewhere.</summary>
    public bool IsForeign => Sha256 is null;

    /// <summary>Gets the hash of the model that the answers of a ServeFlow server must name; null for others.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Gets the classes of a row of the output.</summary>
    public required int Classes { get; init; }

    /// <summary>Reads the metadata.</summary>
    /// <exception cref="RefusalException">They are none, or the model is not that of the tier.</exception>
    public static InferenceModel Parse(ReadOnlyMemory<byte> json, TierShape tier)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement, tier);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            throw new RefusalException($"its metadata are not those of the Open Inference Protocol: {e.Message}");
        }
    }

    static InferenceModel Read(JsonElement model, TierShape tier)
    {
        var isOwn = model.TryGetProperty("platform", out var platform) && platform.GetString() == "serveflow";
        if (isOwn)
        {
            CheckOwn(model.GetProperty("parameters"), tier);
        }

        var inputs = model.GetProperty("inputs");
        Require(inputs.GetArrayLength() == 1, $"its model has {inputs.GetArrayLength()} inputs, and the tier has one");
        var type = inputs[0].GetProperty("datatype").GetString();
        Require(type == "FP32" || (type == "INT8" && tier.Schema.IsBinary), $"its input is {Quote(type)}: a model that "
            + $"takes {(tier.Schema.IsBinary ? "INT8 or FP32" : "FP32")} is needed");
        var classes = isOwn ? tier.Labels.Count : tier.ModelClasses;
        return new()
        {
            Input = inputs[0].GetProperty("name").GetString()!,
            IsInt8 = type == "INT8",
            RowShape = ReadRowShape(inputs[0].GetProperty("shape"), tier.Columns),
            Output = FindOutput(model.GetProperty("outputs"), isOwn, classes),
            Classes = classes,
            Sha256 = isOwn ? tier.Sha256 : null,
        };
    }

    static void CheckOwn(JsonElement parameters, TierShape tier)
    {
        var (schema, packets) = (parameters.GetProperty("schema").GetString(),
            parameters.GetProperty("packets").GetInt32());
        Require(schema == tier.Schema.Hash && packets == tier.Depth, $"its model sees {packets} packets of schema "
            + $"{Quote(schema)}, and the tier {tier.Depth} of {tier.Schema.Hash}: give it the same bundle");
        Require(parameters.GetProperty("labels").EnumerateArray().Select(label => label.GetString())
            .SequenceEqual(tier.Labels), "its model has other labels than the tier: give it the same bundle");
        Require(!parameters.TryGetProperty("sha256", out var sha) || sha.GetString() == tier.Sha256,
            $"its model is {Quote(sha.ValueKind == JsonValueKind.String ? sha.GetString() : "")}, and that of the tier "
            + $"{tier.Sha256}: give it the same version of the bundle");
    }

    /// <summary>Dimensions that the server leaves open are filled where they are one row of columns.</summary>
    static long[] ReadRowShape(JsonElement shape, int columns)
    {
        long[] row = [.. shape.EnumerateArray().Skip(1).Select(size => size.GetInt64())];
        if (row is [< 0])
        {
            row = [columns];
        }

        var product = row.Aggregate(1L, (all, size) => Math.Clamp(all * size, -1, int.MaxValue));
        return product == columns && row.All(size => size > 0) ? row
            : throw new RefusalException($"its input has the shape {Quote(shape.GetRawText())}, and a row of the tier "
                + $"{columns} columns");
    }

    static string FindOutput(JsonElement outputs, bool isOwn, int classes)
    {
        var fitting = outputs.EnumerateArray().Where(output => output.GetProperty("datatype").GetString() == "FP32"
            && output.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray() is [_, var width]
            && (width == classes || width < 0)).Select(output => output.GetProperty("name").GetString()!).ToList();
        var wanted = isOwn ? Scores : Probabilities;
        return fitting.Contains(wanted) ? wanted
            : !isOwn && fitting is [var only] ? only
            : throw new RefusalException($"it has no output '{wanted}' of FP32 with the shape [rows, {classes}]");
    }

    static string Quote(string? text) => $"'{InputException.Quote(text ?? "")}'";

    static void Require(bool holds, string problem)
    {
        if (!holds)
        {
            throw new RefusalException(problem);
        }
    }
}
