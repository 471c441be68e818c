using System.Collections;

namespace ServeFlow.Cli.Configuration;

/// <summary>
/// Lays the variables <c>SERVEFLOW__SECTION__NAME</c> over a configuration. Upper case and lower case are the same, and
/// so are dash and underscore. Lists are YAML, such as <c>[eth0, eth1]</c>; a number addresses an item of one:
/// <c>SERVEFLOW__OUTPUTS__0__PATH</c>.
/// </summary>
static class EnvironmentLayer
{
    public const string Prefix = "SERVEFLOW__";

    /// <summary>Gets the variables of this process that are meant, by name.</summary>
    public static IReadOnlyDictionary<string, string> Read() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(entry => ((string)entry.Key).StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");

    /// <summary>Lays them over a configuration; what is wrong with one is added to the errors.</summary>
    public static MapNode Lay(MapNode under, IReadOnlyDictionary<string, string> variables, SettingTable table,
        List<ConfigurationError> errors)
    {
        foreach (var (name, text) in variables.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            var path = name[Prefix.Length..].Split("__").Select(part => part.ToLowerInvariant().Replace('_', '-'))
                .ToArray();
            var before = errors.Count;
            var value = Parse(name, text, Target(path, table), errors);
            under = errors.Count > before ? under : (MapNode)Set(under, path, value);
        }

        return under;
    }

    static SettingRow? Target(string[] path, SettingTable table) =>
        table.Find(path[0]) is { Items: not null } list ? path.Length > 2 ? list.Items!.Find(path[2]) : list
            : table.Find(string.Join('.', path.Take(2)));

    static ConfigurationNode Parse(string name, string text, SettingRow? target, List<ConfigurationError> errors)
    {
        var origin = new Origin(Layer.Environment, name);
        return target is { IsList: true } && text.TrimStart() is ['[', ..] or ['{', ..]
            ? YamlText.Parse(Layer.Environment, name, text, errors)
            : new ScalarNode(origin, text);
    }

    static ConfigurationNode Set(ConfigurationNode? under, ReadOnlySpan<string> path, ConfigurationNode value)
    {
        if (path.Length == 0)
        {
            return value;
        }

        if (int.TryParse(path[0], out var index) && index >= 0)
        {
            var items = (under as ListNode)?.Items.ToList() ?? [];
            var place = Math.Min(index, items.Count);
            var item = Set(items.ElementAtOrDefault(place), path[1..], value);
            items[place..].Take(1).ToList().ForEach(old => items.Remove(old));
            items.Insert(place, item);
            return new ListNode(value.Origin, items);
        }

        var map = new MapNode(value.Origin, new((under as MapNode)?.Entries ?? []));
        map.Entries[path[0]] = Set(map.Entries.GetValueOrDefault(path[0]), path[1..], value);
        return map;
    }
}
