using System.Text;

namespace ServeFlow.Cli.Configuration;

/// <summary>Writes the values that hold as a configuration file, each with where it comes from.</summary>
static class ConfigurationDump
{
    /// <summary>Specifies the column at which the origins begin, if the values leave room.</summary>
    const int Column = 48;

    public static string Format(IEnumerable<SettingValue> values)
    {
        var text = new StringBuilder();
        var section = "";
        foreach (var value in values)
        {
            if (value.Row.Section != section)
            {
                section = value.Row.Section;
                text.Append(section.Length > 0 ? $"{section}:\n" : "");
            }

            Write(text, value, section.Length > 0 ? "  " : "");
        }

        return text.ToString();
    }

    static void Write(StringBuilder text, SettingValue value, string indent)
    {
        var row = value.Row;
        if (row.Items is not null && value.Words.Count > 0)
        {
            Line(text, $"{indent}{row.Name}:", value.Origin);
            value.Words.ToList().ForEach(item => text.Append($"{indent}  - {item}\n"));
            return;
        }

        Line(text, $"{indent}{row.Name}: {FormatValue(value)}", value.Origin);
    }

    /// <summary>Formats a value on one line.</summary>
    public static string FormatValue(SettingValue value) =>
        value.Row.Items is not null && value.Words.Count > 0 ? string.Join("; ", value.Words)
            : value.Row.IsList ? $"[{string.Join(", ", value.Words.Select(NodeText.Quote))}]"
            : value.Words is [var word, ..] ? NodeText.Quote(word) : "null";

    static void Line(StringBuilder text, string line, Origin origin) =>
        text.Append($"{line.PadRight(Column - 1)} # {InputException.Quote(origin.ToString())}\n");
}
