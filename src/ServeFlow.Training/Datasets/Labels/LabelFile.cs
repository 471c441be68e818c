using ServeFlow.Training.Datasets.Tables;

namespace ServeFlow.Training.Datasets.Labels;

/// <summary>
/// Reads a labels file: a table with the columns <c>src,sport,dst,dport,proto,label</c> in any order, optionally
/// <c>pcap</c> and <c>first_ts</c>, under these names or those of other tools; other columns are left alone. Rows
/// without a label are counted.
/// </summary>
sealed class LabelFile
{
    /// <summary>Says what to do about a label that cannot be used.</summary>
    public const string LabelRemedy = "write it in at most 255 printable characters";

    const string Kind = "the labels are a CSV file";

    static readonly (TableField Field, string Name)[] Required =
    [
        (TableField.Source, "src"), (TableField.SourcePort, "sport"), (TableField.Destination, "dst"),
        (TableField.DestinationPort, "dport"), (TableField.Protocol, "proto"), (TableField.Label, "label"),
    ];

    readonly string path;
    readonly FlowFields fields;
    readonly ITableReader table;
    readonly List<LabelRow> rows = [];
    readonly TimeColumn times = new();

    /// <summary>The column of the flows' groups, and its place; null where none is read.</summary>
    readonly (string Name, int Place)? groups;

    /// <summary>Rows repeat few captures and labels; one string of each is kept.</summary>
    readonly Dictionary<string, string> interned = [];

    int unlabelled;
    int firstUnlabelled;

    LabelFile(ITableReader table, string path, GroupColumn? group)
    {
        this.path = path;
        this.table = table;
        fields = new(table, path);
        groups = group?.Find(table as SeparatedTable, path);
    }

    static string Columns => string.Join(",", Required.Select(column => column.Name))
        + " (and optionally pcap, first_ts)";

    /// <exception cref="InputException">The file cannot be read, or a line is not what a labels file holds.</exception>
    /// <param name="group">The column of the flows' groups; null reads none.</param>
    public static LabelTable Read(string path, GroupColumn? group = null)
    {
        try
        {
            using var text = TableFile.OpenText(path, Kind, Setting.Labels);
            return Read(text, path, group);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException(
                $"{path}: the labels cannot be read ({e.Message}): check the path and its permissions", e);
        }
    }

    /// <inheritdoc cref="Read(string, GroupColumn?)"/>
    public static LabelTable Read(TextReader text, string path, GroupColumn? group = null)
    {
        var file = new LabelFile(TableFile.CreateReader(text, path), path, group);
        file.CheckHeader();
        while (file.table.TryRead())
        {
            file.ReadRow();
        }

        return file.Finish();
    }

    LabelTable Finish()
    {
        if (rows.Count == 0)
        {
            throw new InputException(unlabelled > 0
                ? $"{path}:{firstUnlabelled}: no row has a label ({unlabelled} rows); fill the label column, for "
                    + "example with 'serveflow label'"
                : $"{path}: no label rows below the header; add some");
        }

        var resolved = times.Resolve(path);
        return new([.. rows.Zip(resolved, (row, time) => row with { FirstNs = time })],
            TimeColumn.ToleranceNs(resolved), unlabelled);
    }

    /// <summary>A log of Zeek and JSON Lines have no header line: each record shows what it has.</summary>
    void CheckHeader()
    {
        if (table is not SeparatedTable separated)
        {
            return;
        }

        if (separated.Columns.Count == 0)
        {
            throw new InputException($"{path}: empty; the first line must name the columns {Columns}");
        }

        var hasFlowId = separated.Columns[TableField.FlowId] is not null;
        string[] missing = [.. Required.Where(field => separated.Columns[field.Field] is null
            && (!hasFlowId || field.Field == TableField.Label)).Select(field => field.Name)];
        if (missing.Length > 0)
        {
            throw new InputException($"{path}:1: no column '{string.Join("', '", missing)}'; found "
                + $"'{InputException.Quote(separated.HeaderText.TrimStart('\uFEFF'))}', needed {Columns}");
        }
    }

    void ReadRow()
    {
        if (IsOtherEvent())
        {
            return;
        }

        if (!table.TryFind(TableField.Label, out var column, out var label) && table is ZeekTable)
        {
            throw new InputException($"{path}:{table.Line}: the log has no field 'label' or 'service'; give one that "
                + "has");
        }

        if (label.Length == 0 || FieldNames.IsUnnamed(column, label))
        {
            firstUnlabelled = unlabelled++ == 0 ? table.Line : firstUnlabelled;
            return;
        }

        var tuple = fields.ReadTuple();
        times.Add(fields.ReadTime(TableField.FirstTime), table.Line);
        rows.Add(new(Capture(), tuple.Key, tuple.Icmp, Intern(LabelText.Check(label, $"{path}:{table.Line}",
            LabelRemedy)), null, table.Line, Group()));
    }

    string? Group()
    {
        if (groups is not { } column)
        {
            return null;
        }

        var group = ((SeparatedTable)table).Fields[column.Place].Trim();
        return group.Length > 0
            ? Intern(group)
            : throw new InputException($"{path}:{table.Line}: no value in column "
                + $"'{InputException.Quote(column.Name)}', by which flows are divided; give one to each labelled row")
            {
                Settings = [Setting.Labels],
            };
    }

    /// <summary>
    /// Determines whether the record is an event that does not say when its flow began. Of an EVE file, the events on
    /// flows are read, and whatever was given a label.
    /// </summary>
    bool IsOtherEvent() => table.TryFind(TableField.EventType, out _, out var type) && type != "flow"
        && !(table.TryFind(TableField.Label, out var name, out _) && FieldNames.Normalize(name) == "label");

    string? Capture() =>
        table.TryFind(TableField.Capture, out var column, out var capture) && capture.Length > 0
            ? capture.Contains('\0')
                ? throw fields.Bad(column, capture, "is no file name")
                : Intern(capture)
            : null;

    string Intern(string text)
    {
        if (!interned.TryGetValue(text, out var known))
        {
            interned.Add(text, known = text);
        }

        return known;
    }
}

/// <summary>Represents the rows of a labels file.</summary>
/// <param name="Rows">The rows that have a label, in their order.</param>
/// <param name="ToleranceNs">How far a row's first_ts may be off, as precise as all of them are, in ns.</param>
/// <param name="Unlabelled">Rows whose label is empty.</param>
sealed record LabelTable(IReadOnlyList<LabelRow> Rows, long ToleranceNs, int Unlabelled)
{
    /// <summary>Returns the rows with a time added to each first_ts: the file was written by another clock.</summary>
    public LabelTable Shift(TimeSpan shift) =>
        shift == TimeSpan.Zero ? this
            : this with { Rows = [.. Rows.Select(row => row with { FirstNs = row.FirstNs + (shift.Ticks * 100) })] };
}
