using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServeFlow.Cascade.Bundles;

/// <summary>
/// Reading and writing of <c>cascade.json</c>, generated at compile time so that it needs no reflection.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(BundleManifest))]
[JsonSerializable(typeof(BundleTimings))]
sealed partial class BundleJson : JsonSerializerContext
{
    /// <summary>Returns the manifest's bytes: the same for the same content, on every machine.</summary>
    public static byte[] Write(BundleManifest manifest) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(manifest, Default.BundleManifest), (byte)'\n'];

    /// <summary>Formats the times that are kept beside a manifest.</summary>
    public static byte[] Write(BundleTimings timings) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(timings, Default.BundleTimings), (byte)'\n'];

    /// <summary>Reads the times that are kept beside a manifest; null where the bytes are no such JSON: nothing depends
    /// on them.</summary>
    public static BundleTimings? ReadTimings(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.BundleTimings);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <exception cref="InputException">It is no such JSON; the message names the file and the place in it.</exception>
    public static BundleManifest Read(ReadOnlySpan<byte> json, string path)
    {
        try
        {
            CheckTexts(json, path);
            return JsonSerializer.Deserialize(json, Default.BundleManifest) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new InputException(BundleProblem.Damaged(path, e), e);
        }
    }

    /// <summary>Refuses texts that no manifest has, before anything is made of them.</summary>
    static void CheckTexts(ReadOnlySpan<byte> json, string path)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                && reader.ValueSpan.Length > BundleLimits.MaxTextBytes)
            {
                throw new InputException(BundleProblem.LongText(path, reader.TokenStartIndex, reader.ValueSpan.Length));
            }
        }
    }
}
