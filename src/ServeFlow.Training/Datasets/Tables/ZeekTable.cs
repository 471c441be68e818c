using System.Globalization;
using System.Text.RegularExpressions;

namespace ServeFlow.Training.Datasets.Tables;

/// <summary>
/// Reads a log of Zeek: lines that begin with <c>#</c> name the separator, the fields and the mark of a field that is
/// not set. Logs may stand one after the other in a file. IoT-23 puts three spaces between its last columns.
/// </summary>
sealed partial class ZeekTable(TextReader text, string path, string? labelName = null) : ITableReader
{
    const string LastColumns = "   ";

    HeaderColumns? columns;
    string[] fields = [];
    string separator = "\t";
    string unset = "-";
    string empty = "(empty)";

    public int Line { get; private set; }

    public bool TryRead()
    {
        while (BoundedLine.Read(text) is { } line)
        {
            Line++;
            if (line.StartsWith('#'))
            {
                ReadDirective(line);
            }
            else if (line.Length > 0)
            {
                ReadFields(line);
                return true;
            }
        }

        return false;
    }

    public bool TryFind(TableField field, out string name, out string value)
    {
        if (columns?[field] is not { } column)
        {
            (name, value) = ("", "");
            return false;
        }

        var text = fields[column.Place].Trim();
        (name, value) = (column.Name, text == unset || text == empty ? "" : text);
        return true;
    }

    void ReadDirective(string line)
    {
        // The separator stands behind all words but its own, which a space follows.
        var word = line.Split([separator, " ", "\t"], 2, StringSplitOptions.None)[0];
        var rest = line.Length > word.Length ? line[(word.Length + 1)..] : "";
        switch (word)
        {
            case "#separator":
                separator = Unescape(rest.Trim(' ')) is { Length: > 0 } given ? given : "\t";
                break;
            case "#unset_field":
                unset = rest.Trim();
                break;
            case "#empty_field":
                empty = rest.Trim();
                break;
            case "#fields":
                columns = new(Split(line)[1..], path, Line, labelName);
                break;
        }
    }

    void ReadFields(string line)
    {
        if (columns is null)
        {
            throw new InputException($"{path}:{Line}: no line '#fields' stands before this one; give a whole log of "
                + "Zeek, with its header");
        }

        fields = [.. Split(line).Select(Unescape)];
        if (fields.Length != columns.Count)
        {
            throw new InputException($"{path}:{Line}: {fields.Length} fields where '#fields' names {columns.Count}; "
                + "the line is damaged: remove it");
        }
    }

    string[] Split(string line)
    {
        var parts = line.Split(separator);
        return [.. parts[..^1], .. parts[^1].Split(LastColumns)];
    }

    /// <summary>Reads what Zeek writes as <c>\x09</c>.</summary>
    static string Unescape(string text) => text.Contains("\\x", StringComparison.Ordinal)
        ? Escape().Replace(text, match =>
            ((char)byte.Parse(match.ValueSpan[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
            .ToString())
        : text;

    [GeneratedRegex(@"\\x[0-9a-fA-F]{2}")]
    private static partial Regex Escape();
}
