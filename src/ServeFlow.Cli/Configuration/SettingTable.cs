using System.CommandLine;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Configuration;

/// <summary>Represents the settings that a configuration may have. Help, checks, dump and schema are made from
/// it.</summary>
/// <param name="command">The verb whose options the settings are.</param>
/// <param name="rows">The settings, by section, in the order in which they are shown.</param>
sealed class SettingTable(Command command, IReadOnlyList<SettingRow> rows)
{
    /// <summary>Has the options and none of the rules between them.</summary>
    readonly Command values = CreateCommand(rows);

    public Command Command => command;

    public IReadOnlyList<SettingRow> Rows => rows;

    /// <summary>Gets settings of which the one side excludes the other.</summary>
    public (IReadOnlyList<string> One, IReadOnlyList<string> Other) Alternatives { get; init; } = ([], []);

    public IEnumerable<string> Sections => rows.Select(row => row.Section).Distinct();

    /// <summary>Gets what the option itself has against words; nothing where it takes them.</summary>
    public IEnumerable<string> Complaints(SettingRow row, string[] arguments) =>
        values.Parse(arguments, SettingMerge.Parser).Errors.Where(error => SettingMerge.OptionOf(error) == row.Symbol)
            .Select(UserMessage.Text).Distinct();

    static Command CreateCommand(IReadOnlyList<SettingRow> rows)
    {
        var command = new Command("values");
        foreach (var option in rows.Select(row => row.Symbol).OfType<Option>())
        {
            command.Options.Add(option);
        }

        return command;
    }

    public SettingRow? Find(string key) => rows.FirstOrDefault(row => row.Key == key);

    /// <summary>Gets what may stand at the top: sections, and settings outside of them.</summary>
    public IEnumerable<string> TopLevel =>
        rows.Select(row => row.Section.Length > 0 ? row.Section : row.Key).Distinct();

    public bool HasSection(string name) => name.Length > 0 && Sections.Contains(name);

    /// <summary>Finds the key that another one was meant to be; null where none is near.</summary>
    public string? Nearest(string key)
    {
        var name = key[(key.IndexOf('.') + 1)..];
        return rows.FirstOrDefault(row => row.Name == name)?.Key
            ?? UnknownWords.Nearest(key, rows.Select(row => row.Key)
                .Concat(Sections.Where(section => section.Length > 0)))
            ?? (UnknownWords.Nearest(name, rows.Select(row => row.Name)) is { } near
                ? rows.First(row => row.Name == near).Key
                : null);
    }
}
