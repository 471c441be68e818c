using System.Text.Json;

namespace ServeFlow.Cli.Commands.Control;

/// <summary>Formats an answer for people: a line for each value, named by its place.</summary>
static class AnswerText
{
    /// <param name="json">An object.</param>
    public static string Format(string json)
    {
        using var document = JsonDocument.Parse(json);
        var lines = Lines("", document.RootElement).ToList();
        var width = lines.Select(line => line.Name.Length).DefaultIfEmpty().Max();
        return string.Join(Environment.NewLine, lines.Select(line =>
            PrintableText.Escape($"{line.Name.PadRight(width)}  {line.Value}")));
    }

    static IEnumerable<(string Name, string Value)> Lines(string name, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(member =>
            Lines(name.Length > 0 ? $"{name}.{member.Name}" : member.Name, member.Value)),
        JsonValueKind.Array when element.GetArrayLength() == 0 => [],
        JsonValueKind.Array when name == "messages" => // sentences, some with commas of their own
            element.EnumerateArray().Select(item => (name, item.ToString())),
        JsonValueKind.Array when element.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String) =>
            [(name, string.Join(", ", element.EnumerateArray().Select(item => item.GetString())))],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Lines($"{name}{NameOf(item)}", item)),
        JsonValueKind.Null => [],
        JsonValueKind.Number when name == "process" => [(name, element.GetRawText())], // a number that counts nothing
        JsonValueKind.Number when element.TryGetInt64(out var number) => [(name, $"{number:N0}")],
        JsonValueKind.True or JsonValueKind.False => [(name, element.GetRawText())],
        _ => [(name, element.ToString())],
    };

    /// <summary>Items that have a name are told apart by it, and by their version.</summary>
    static string NameOf(JsonElement item) =>
        item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("name", out var name) ? ""
            : item.TryGetProperty("version", out var version) && version.ValueKind != JsonValueKind.Null
                ? $"[{name}@{version}]" : $"[{name}]";
}
