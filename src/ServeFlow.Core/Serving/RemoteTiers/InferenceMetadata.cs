using System.Text.Json;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Reads the metadata of a model as servers write them in JSON.</summary>
static class InferenceMetadata
{
    /// <summary>Reads them.</summary>
    /// <exception cref="RefusalException">They are none.</exception>
    public static ModelMetadata Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var model = document.RootElement;
            var isOwn = model.TryGetProperty("platform", out var platform)
                && platform.GetString() == ModelMetadata.OwnPlatform;
            return new(ReadTensors(model.GetProperty("inputs")), ReadTensors(model.GetProperty("outputs")),
                isOwn ? ReadOwn(model.GetProperty("parameters")) : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            throw new RefusalException($"its metadata are not those of the Open Inference Protocol: {e.Message}");
        }
    }

    static List<TensorMetadata> ReadTensors(JsonElement tensors) =>
    [
        .. tensors.EnumerateArray().Select(tensor => new TensorMetadata(
            tensor.GetProperty("name").GetString() ?? "", tensor.GetProperty("datatype").GetString() ?? "",
            [.. tensor.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())])),
    ];

    static OwnModel ReadOwn(JsonElement parameters) => new(
        parameters.GetProperty("schema").GetString() ?? "",
        parameters.GetProperty("packets").GetInt32(),
        [.. parameters.GetProperty("labels").EnumerateArray().Select(label => label.GetString() ?? "")],
        parameters.TryGetProperty("sha256", out var sha) ? sha.GetString() : null);
}
