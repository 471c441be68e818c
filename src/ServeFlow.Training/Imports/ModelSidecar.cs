using System.Text.Json;
using System.Text.Json.Serialization;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Training.Imports;

/// <summary>
/// <c>MODEL.json</c> beside a model that was made elsewhere: what the model's own file does not say. Written by who
/// trained it (examples/ do); every member may be left out. docs/models.md describes them.
/// </summary>
public sealed record ModelSidecar
{
    /// <summary>Gets the model's name among the others: <c>cnn</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the number of packets that it waits for.</summary>
    public int? Packets { get; init; }

    /// <summary>Gets the feature set that it was trained on.</summary>
    public string? Features { get; init; }

    /// <summary>Gets the mask.</summary>
    public string? Mask { get; init; }

    /// <summary>Gets the class names in the order of its output.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Gets the kind of output, where it is not probabilities.</summary>
    public ModelOutput? Output { get; init; }

    /// <summary>Gets the captures that it was trained on.</summary>
    public IReadOnlyList<BundleCapture>? Trained { get; init; }

    /// <summary>Reads the sidecar of a model.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="InputException">It is no such JSON.</exception>
    public static ModelSidecar? Read(string model)
    {
        var path = model + ".json";
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var sidecar = JsonSerializer.Deserialize(File.ReadAllBytes(path), SidecarContext.Default.ModelSidecar)
                ?? throw new JsonException("it is null");
            return sidecar.Labels?.Any(string.IsNullOrEmpty) == true
                || sidecar.Trained?.Any(c => c?.Sha256 is null) == true
                ? throw new JsonException("a label or a capture is empty")
                : sidecar;
        }
        catch (Exception e) when (e is JsonException || e.IsFileFailure)
        {
            var reason = e is JsonException json ? json.Reason : InputException.Quote(e.Message);
            throw new InputException($"{path}: does not say what it should of {model} ({reason}); correct it or remove "
                + "it", e);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, AllowTrailingCommas = true,
    ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(ModelSidecar))]
sealed partial class SidecarContext : JsonSerializerContext;
