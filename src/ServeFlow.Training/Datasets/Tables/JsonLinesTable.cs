using System.Text.Json;

namespace ServeFlow.Training.Datasets.Tables;

/// <summary>
/// Reads a JSON object from each line: Suricata's EVE, Zeek's JSON logs, nDPI's. A field inside another is named by
/// both, <c>flow.start</c>.
/// </summary>
sealed class JsonLinesTable(TextReader text, string path, string? labelName = null) : ITableReader
{
    /// <summary>Limits the nesting; all fields that are read lie at most two objects deep.</summary>
    const int MaxDepth = 4;

    readonly Dictionary<string, (string Name, string Value)> fields = [];
    readonly Dictionary<string, string> normalized = [];
    readonly string? label = labelName is null ? null : FieldNames.Normalize(labelName);

    public int Line { get; private set; }

    public bool TryRead()
    {
        while (BoundedLine.Read(text) is { } line)
        {
            Line++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                ReadObject(line);
                return true;
            }
        }

        return false;
    }

    public bool TryFind(TableField field, out string name, out string value)
    {
        IReadOnlyList<string> names = field == TableField.Label && label is not null
            ? [label]
            : FieldNames.Find(field);
        foreach (var wanted in names)
        {
            if (TryFindNamed(wanted, out name, out value))
            {
                return true;
            }
        }

        (name, value) = ("", "");
        return false;
    }

    /// <summary>Finds a field by its own name, as <see cref="FieldNames.Normalize"/> gives it.</summary>
    /// <param name="name">The field as the record calls it; empty where it has none.</param>
    /// <param name="value">The field's text; empty where the record has none.</param>
    public bool TryFindNamed(string normalizedName, out string name, out string value)
    {
        var isFound = fields.TryGetValue(normalizedName, out var found);
        (name, value) = isFound ? found : ("", "");
        return isFound;
    }

    void ReadObject(string line)
    {
        fields.Clear();
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new InputException($"{path}:{Line}: is no JSON object; give one object a line, for example with "
                    + "jq -c '.[]'");
            }

            Add(document.RootElement, "", depth: 0);
        }
        catch (JsonException)
        {
            throw new InputException($"{path}:{Line}: is no JSON object; give one object a line, whole, for example "
                + "with jq -c");
        }
    }

    void Add(JsonElement element, string prefix, int depth)
    {
        foreach (var member in element.EnumerateObject())
        {
            var name = prefix + member.Name;
            if (member.Value.ValueKind == JsonValueKind.Object && depth < MaxDepth)
            {
                Add(member.Value, $"{name}.", depth + 1);
            }
            else if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True
                or JsonValueKind.False)
            {
                var text = member.Value.ValueKind == JsonValueKind.String
                    ? member.Value.GetString()!
                    : member.Value.GetRawText();
                fields[Normalize(name)] = (name, text.Trim());
            }
        }
    }

    string Normalize(string name)
    {
        if (!normalized.TryGetValue(name, out var plain))
        {
            normalized.Add(name, plain = FieldNames.Normalize(name));
        }

        return plain;
    }
}
