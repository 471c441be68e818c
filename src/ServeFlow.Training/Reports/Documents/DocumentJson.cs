using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServeFlow.Training.Reports.Documents;

/// <summary>
/// Writes and reads the JSON that people and scripts see: one object on one line, names in snake_case, taken from the
/// properties of records in their order. Keys of dictionaries are data, and are written as they are.
/// </summary>
public static class DocumentJson
{
    static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Formats a document, without a line end.</summary>
    public static string Format<T>(T document) where T : class => JsonSerializer.Serialize(document, Options);

    /// <summary>Reads a document that <see cref="Format"/> wrote.</summary>
    /// <exception cref="JsonException">The bytes are no such JSON, or a required property is missing.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> json) where T : class =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("it is null");
}
