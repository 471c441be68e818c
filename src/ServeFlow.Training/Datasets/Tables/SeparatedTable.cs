using System.Globalization;

namespace ServeFlow.Training.Datasets.Tables;

/// <summary>
/// Reads a table with a header line whose fields are separated by commas, semicolons, tabs or bars: the one that gives
/// the header most columns.
/// </summary>
sealed class SeparatedTable : ITableReader
{
    static readonly char[] Separators = [',', ';', '\t', '|'];

    readonly string path;
    readonly bool allowsMoreFields;
    readonly CsvReader csv;
    readonly List<string> fields = [];

    /// <param name="path">The file's name in errors.</param>
    /// <param name="labelName">The name of the column that is the label; null for the usual ones.</param>
    /// <param name="allowsMoreFields">
    /// Whether a record may have more fields than the header: nDPI does not quote commas in its last columns.
    /// </param>
    /// <exception cref="InputException">There is no header line, or two columns have the name that is read.</exception>
    public SeparatedTable(TextReader text, string path, string? labelName = null, bool allowsMoreFields = false)
    {
        (this.path, this.allowsMoreFields) = (path, allowsMoreFields);
        var line = 1;
        var header = NextLine(text, ref line);
        var separator = (char?)null;
        if (header is not null && header.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && header.Length == 5)
        {
            separator = header[4];
            header = NextLine(text, ref line);
        }

        header ??= "";
        Separator = separator ?? Separators.MaxBy(candidate => Split(header, candidate, line).Count);
        Columns = new(Split(header, Separator, line), path, line, labelName);
        HeaderText = header;
        csv = new(text, path, Separator, line + 1);
    }

    public int Line => csv.Line;

    public char Separator { get; }

    public HeaderColumns Columns { get; }

    /// <summary>Gets the header line as it stands in the file.</summary>
    public string HeaderText { get; }

    /// <summary>Gets the fields of the record that was read last, as they are.</summary>
    public IReadOnlyList<string> Fields => fields;

    public bool TryRead()
    {
        if (!csv.TryRead(fields))
        {
            return false;
        }

        return fields.Count == Columns.Count || (allowsMoreFields && fields.Count > Columns.Count)
            ? true
            : throw new InputException($"{path}:{csv.Line}: {fields.Count} fields where the header names "
                + $"{Columns.Count}; quote fields that hold a {NameOf(Separator)}");
    }

    public bool TryFind(TableField field, out string name, out string value)
    {
        (name, value) = Columns[field] is { } column ? (column.Name, fields[column.Place].Trim()) : ("", "");
        return name.Length > 0;
    }

    static string NameOf(char separator) => separator switch
    {
        ',' => "comma",
        ';' => "semicolon",
        '\t' => "tab",
        '|' => "bar",
        _ => string.Create(CultureInfo.InvariantCulture, $"'{separator}'"),
    };

    /// <summary>Skips blank lines, which no header is.</summary>
    static string? NextLine(TextReader text, ref int line)
    {
        var read = BoundedLine.Read(text);
        while (read is not null && string.IsNullOrWhiteSpace(read))
        {
            line++;
            read = BoundedLine.Read(text);
        }

        return read;
    }

    List<string> Split(string header, char separator, int line)
    {
        var names = new List<string>();
        new CsvReader(new StringReader(header), path, separator, line).TryRead(names);
        return names;
    }
}
