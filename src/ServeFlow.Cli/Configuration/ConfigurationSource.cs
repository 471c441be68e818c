using System.CommandLine;

namespace ServeFlow.Cli.Configuration;

/// <summary>
/// Represents a configuration that can be read again: a file, the environment, and the command line that overrides
/// both.
/// </summary>
/// <param name="path">The file; null for none.</param>
/// <param name="given">The command line alone, parsed.</param>
/// <param name="arguments">The same as words.</param>
sealed class ConfigurationSource(SettingTable table, string? path, ParseResult given, IReadOnlyList<string> arguments)
{
    /// <summary>Gets the variables that are laid over the file.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = EnvironmentLayer.Read();

    /// <summary>Reads it, with everything that is wrong with it.</summary>
    /// <exception cref="InputException">The file cannot be read.</exception>
    public ReadConfiguration Read()
    {
        var errors = new List<ConfigurationError>();
        var origin = new Origin(Layer.File, path ?? "configuration", path is null ? 0 : 1);
        var root = path is null ? MapNode.Empty(origin) : YamlText.ReadFile(path, errors);
        if (root is not MapNode map)
        {
            errors.Add(new(root.Origin, "", "is no mapping: give settings by name, such as 'bundle: DIR'"));
            map = MapNode.Empty(origin);
        }

        map = EnvironmentLayer.Lay(map, Variables, table, errors);
        var merge = new SettingMerge(table, new SettingCheck(table, errors).Run(map));
        var merged = merge.Arguments(given, arguments);
        var configuration = new ReadConfiguration(table, given, merge.Remaining(given), merged, errors);
        configuration.AddRuleErrors(origin);

        errors.Sort((a, b) => a.Origin.Line.CompareTo(b.Origin.Line));
        return configuration;
    }
}
