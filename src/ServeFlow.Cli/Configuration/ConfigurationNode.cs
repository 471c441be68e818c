using System.Text.Json;

namespace ServeFlow.Cli.Configuration;

/// <summary>Represents a value of a configuration as it is written, with its place.</summary>
abstract record ConfigurationNode(Origin Origin);

/// <summary>Represents a single value; null is a value that is left to its default.</summary>
sealed record ScalarNode(Origin Origin, string? Text) : ConfigurationNode(Origin);

/// <summary>Several values in order.</summary>
sealed record ListNode(Origin Origin, IReadOnlyList<ConfigurationNode> Items) : ConfigurationNode(Origin);

/// <summary>Represents values by key, in the order in which they are written.</summary>
sealed record MapNode(Origin Origin, OrderedDictionary<string, ConfigurationNode> Entries) : ConfigurationNode(Origin)
{
    public static MapNode Empty(Origin origin) => new(origin, []);
}

/// <summary>Writes nodes as JSON, which YAML reads too.</summary>
static class NodeText
{
    public static string Format(ConfigurationNode node) => node switch
    {
        ScalarNode { Text: null } => "null",
        ScalarNode scalar => Quote(scalar.Text),
        ListNode list => $"[{string.Join(", ", list.Items.Select(Format))}]",
        MapNode map => $"{{{string.Join(", ", map.Entries.Select(entry => $"{entry.Key}: {Format(entry.Value)}"))}}}",
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };

    /// <summary>Formats a text as it may stand in YAML: in quotes unless it is a plain word or number.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-')
            && char.IsAsciiLetterOrDigit(text[0]) | text[0] == '/' && !IsReserved(text)
            ? text
            : JsonSerializer.Serialize(text);

    static bool IsReserved(string text) => text.ToLowerInvariant() is "null" or "yes" or "no" or "on" or "off" or "y"
        or "n";
}
