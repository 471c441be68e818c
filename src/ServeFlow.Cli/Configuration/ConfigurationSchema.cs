using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ServeFlow.Cli.Configuration;

/// <summary>Describes configurations as a JSON Schema, for editors that complete and check as one types.</summary>
static class ConfigurationSchema
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static JsonObject Create(SettingTable table)
    {
        var schema = Describe(table) with
        {
            Schema = "https://json-schema.org/draft/2020-12/schema",
            Title = "ServeFlow's configuration",
        };
        return JsonSerializer.SerializeToNode(schema, Json)!.AsObject();
    }

    static SchemaNode Describe(SettingTable table)
    {
        var sections = table.Rows.GroupBy(row => row.Section)
            .ToDictionary(section => section.Key, section => section.ToDictionary(row => row.Name, Describe));
        var own = sections.GetValueOrDefault("", []);
        foreach (var (name, settings) in sections.Where(section => section.Key.Length > 0))
        {
            own[name] = CreateMap(settings, "object", "null");
        }

        return CreateMap(own, "object");
    }

    static SchemaNode CreateMap(Dictionary<string, SchemaNode> properties, params string[] types) => new()
    {
        Type = Types(types),
        AdditionalProperties = false,
        Properties = properties,
    };

    static SchemaNode Describe(SettingRow row)
    {
        var value = row.Items is { } items ? Describe(items) : DescribeValue(row);
        var node = row.IsList ? new() { Type = Types("array", "null"), Items = value } : value;
        return node with
        {
            Description = row.Description,
            Default = row.Default is { } text ? Spell(row, text) : null,
        };
    }

    static SchemaNode DescribeValue(SettingRow row) => new()
    {
        Type = Types([.. row.IsList ? TypeNames(row) : TypeNames(row).Append("null")]),
        Enum = row.Choices is { Count: > 0 } choices ? [.. choices, .. row.IsList ? [] : new string?[] { null }] : null,
        Minimum = row.Bounds is { } bounds ? JsonNode.Parse(bounds.Least) : null,
        Maximum = row.Bounds is { } ends ? JsonNode.Parse(ends.Most) : null,
    };

    static IEnumerable<string> TypeNames(SettingRow row) =>
        row.IsSwitch ? ["boolean"]
        : row.IsSize ? ["string", "integer"]
        : row.ValueType == typeof(double) && row.Bounds is null ? ["number", "string"]
        : row.Bounds is null ? ["string"]
        : row.IsWhole ? ["integer"] : ["number"];

    static JsonNode Types(params string[] names) => names is [var single]
        ? single
        : new JsonArray([.. names.Select(name => (JsonNode)name)]);

    static JsonNode? Spell(SettingRow row, string text) =>
        row.IsSwitch ? bool.Parse(text)
        : row.ValueType != typeof(string) && double.TryParse(text, out _) ? JsonNode.Parse(text)
        : text;

    /// <summary>Holds the keywords of one schema; those that are null are left out.</summary>
    sealed record SchemaNode
    {
        [JsonPropertyName("$schema")]
        public string? Schema { get; init; }

        public string? Title { get; init; }

        public JsonNode? Type { get; init; }

        public bool? AdditionalProperties { get; init; }

        public IReadOnlyDictionary<string, SchemaNode>? Properties { get; init; }

        public SchemaNode? Items { get; init; }

        public IReadOnlyList<string?>? Enum { get; init; }

        public JsonNode? Minimum { get; init; }

        public JsonNode? Maximum { get; init; }

        public string? Description { get; init; }

        public JsonNode? Default { get; init; }
    }
}
