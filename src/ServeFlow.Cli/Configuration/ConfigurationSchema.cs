using System.Text.Json.Nodes;

namespace ServeFlow.Cli.Configuration;

/// <summary>Describes configurations as a JSON Schema, for editors that complete and check as one types.</summary>
static class ConfigurationSchema
{
    public static JsonObject Create(SettingTable table)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "ServeFlow's configuration",
        };
        foreach (var (key, value) in Describe(table))
        {
            schema[key] = value?.DeepClone();
        }

        return schema;
    }

    static JsonObject Describe(SettingTable table)
    {
        var properties = new JsonObject();
        foreach (var section in table.Rows.GroupBy(row => row.Section))
        {
            var target = section.Key.Length == 0 ? properties : [];
            foreach (var row in section)
            {
                target[row.Name] = Describe(row);
            }

            if (section.Key.Length > 0)
            {
                properties[section.Key] = CreateMap(target, "object", "null");
            }
        }

        return CreateMap(properties, "object");
    }

    static JsonObject CreateMap(JsonObject properties, params string[] types) => new()
    {
        ["type"] = Types(types),
        ["additionalProperties"] = false,
        ["properties"] = properties,
    };

    static JsonObject Describe(SettingRow row)
    {
        var value = row.Items is { } items ? Describe(items) : DescribeValue(row);
        JsonObject schema = !row.IsList ? value
            : new() { ["type"] = Types("array", "null"), ["items"] = value };
        schema["description"] = row.Description;
        if (row.Default is { } text)
        {
            schema["default"] = Spell(row, text);
        }

        return schema;
    }

    static JsonObject DescribeValue(SettingRow row)
    {
        var schema = new JsonObject
        {
            ["type"] = Types([.. row.IsList ? TypeNames(row) : TypeNames(row).Append("null")]),
        };
        if (row.Choices is { Count: > 0 } choices)
        {
            schema["enum"] = new JsonArray([.. choices.Select(choice => (JsonNode)choice),
                .. row.IsList ? [] : new JsonNode?[] { null }]);
        }

        if (row.Bounds is { } bounds)
        {
            schema["minimum"] = JsonNode.Parse(bounds.Least);
            schema["maximum"] = JsonNode.Parse(bounds.Most);
        }

        return schema;
    }

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
}
