using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Training.Datasets.Tables;

namespace ServeFlow.Training.Labelling;

/// <summary>
/// Holds a labels file that is being filled: every column as it stands, and what the rows say of their flows.
/// </summary>
public sealed class LabelSheet
{
    const string Kind = "give a labels file, such as 'serveflow flows -r PATH -w labels.csv' writes";

    readonly char separator;
    readonly List<string> names;
    readonly List<SheetRow> rows;
    readonly int labelColumn;

    LabelSheet(SeparatedTable table, List<SheetRow> rows, long toleranceNs)
    {
        this.rows = rows;
        (separator, ToleranceNs) = (table.Separator, toleranceNs);
        names = [.. table.Columns.Names];
        labelColumn = names.FindIndex(name => FieldNames.Normalize(name) == "label");
        if (labelColumn < 0)
        {
            labelColumn = names.Count;
            names.Add("label");
        }
    }

    /// <summary>Gets the number of flows in the file.</summary>
    public int Count => rows.Count;

    internal IReadOnlyList<SheetRow> Rows => rows;

    /// <summary>Gets how far the rows' times may be off, in ns.</summary>
    internal long ToleranceNs { get; }

    /// <summary>Reads the file whole.</summary>
    /// <exception cref="InputException">It cannot be read, or is no labels file.</exception>
    public static LabelSheet Read(string path)
    {
        try
        {
            using var text = TableFile.OpenText(path, Kind);
            var reader = TableFile.CreateReader(text, path);
            return reader is SeparatedTable table
                ? Read(table, path)
                : throw new InputException($"{path}: has no columns to fill; {Kind}");
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: the labels file cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Determines whether a file is there in which at least one flow has a label.</summary>
    public static bool HasLabels(string path)
    {
        try
        {
            return File.Exists(path) && new FileInfo(path).Length > 0
                && Read(path).Rows.Any(row => row.Label.Length > 0);
        }
        catch (InputException)
        {
            return false; // no labels file
        }
    }

    /// <summary>Writes the file with its labels, the other columns as they were.</summary>
    public void Write(TextWriter output)
    {
        Write(output, names);
        foreach (var row in rows)
        {
            List<string> fields = [.. row.Fields];
            fields.AddRange(Enumerable.Repeat("", Math.Max(0, names.Count - fields.Count)));
            fields[labelColumn] = row.Label;
            Write(output, fields);
        }
    }

    static LabelSheet Read(SeparatedTable table, string path)
    {
        var fields = new FlowFields(table, path);
        var (first, last) = (new TimeColumn(), new TimeColumn());
        var rows = new List<SheetRow>();
        while (table.TryRead())
        {
            first.Add(fields.ReadTime(TableField.FirstTime), table.Line);
            last.Add(fields.ReadTime(TableField.LastTime), table.Line);
            rows.Add(new([.. table.Fields], table.Line, fields.ReadTuple())
            {
                Label = Find(table, TableField.Label),
                Capture = Find(table, TableField.Capture),
                CommunityId = Find(table, TableField.CommunityId),
                SourceMac = Mac(table, TableField.SourceMac),
                DestinationMac = Mac(table, TableField.DestinationMac),
            });
        }

        if (rows.Count == 0)
        {
            throw new InputException($"{path}: no flow below the header; {Kind}");
        }

        var (begins, ends) = (first.Resolve(path), last.Resolve(path));
        foreach (var (i, row) in rows.Index())
        {
            (row.FirstNs, row.LastNs) = (begins[i], ends[i]);
        }

        return new(table, rows, TimeColumn.ToleranceNs(begins));
    }

    static string Find(SeparatedTable table, TableField field) =>
        table.TryFind(field, out var name, out var value)
        && (field != TableField.Label || FieldNames.Normalize(name) == "label") ? value : "";

    static MacAddress? Mac(SeparatedTable table, TableField field) =>
        MacAddress.TryParse(Find(table, field), out var address) ? address : null;

    void Write(TextWriter output, List<string> fields) =>
        output.Write(string.Join(separator, fields.Select(field => CsvText.Quote(field, separator))) + "\n");
}
