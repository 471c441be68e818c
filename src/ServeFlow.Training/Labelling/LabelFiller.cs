namespace ServeFlow.Training.Labelling;

/// <summary>
/// Fills the labels of a sheet. Of several sources the first that knows a flow gives its label: rules in their order,
/// then the MAC table, then other tools' records in their order, then directories.
/// </summary>
public sealed class LabelFiller
{
    readonly LabelSheet sheet;
    readonly IReadOnlyList<ILabelSource> sources;

    LabelFiller(LabelSheet sheet, IReadOnlyList<ILabelSource> sources) => (this.sheet, this.sources) = (sheet, sources);

    /// <summary>Reads the sources and fills the sheet.</summary>
    /// <exception cref="InputException">A source cannot be read.</exception>
    public static LabelAccount Fill(LabelSheet sheet, FillOptions options)
    {
        List<ILabelSource> sources =
        [
            .. options.Rules.Select(LabelRule.Parse),
            .. options.MacTable is { } table ? [MacTable.Read(table)] : Array.Empty<ILabelSource>(),
            .. options.Records.Select(file => ToolRecords.Read(file.Path, sheet, file.Field)),
            .. options.FromDirectories ? [new DirectorySource()] : Array.Empty<ILabelSource>(),
        ];
        return new LabelFiller(sheet, sources).Fill(options.Force);
    }

    LabelAccount Fill(bool force)
    {
        var account = new LabelAccount(sources);
        foreach (var (i, row) in sheet.Rows.Index())
        {
            var (chosen, label) = Find(row, i, account);
            if (row.Label.Length > 0 && !force)
            {
                account.Keep(row.Label, isConfirmed: label is null || label == row.Label);
            }
            else if (label is null)
            {
                account.Leave(row.Label);
            }
            else
            {
                account.Set(chosen, label, isReplaced: row.Label.Length > 0 && row.Label != label);
                row.Label = label;
            }
        }

        return account;
    }

    /// <summary>Asks every source, so that contradictions are seen.</summary>
    (int Source, string? Label) Find(SheetRow row, int place, LabelAccount account)
    {
        var (chosen, label) = (-1, (string?)null);
        foreach (var (i, source) in sources.Index())
        {
            if (source.Find(row, place) is not { } found)
            {
                continue;
            }

            if (label is null)
            {
                (chosen, label) = (i, found);
            }
            else if (found != label && source.Contradicts && sources[chosen].Contradicts)
            {
                account.Contradict(row.Line, sources[chosen].Name, label, source.Name, found);
            }
        }

        return (chosen, label);
    }
}

/// <summary>Says what a sheet is filled from.</summary>
public sealed record FillOptions
{
    /// <summary>Gets the rules, <c>CONDITION=LABEL</c>, in their order.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Gets a CSV of MAC addresses and labels; null for none.</summary>
    public string? MacTable { get; init; }

    /// <summary>Gets other tools' files in their order, with the field that is the label; null for the usual one.
    /// </summary>
    public IReadOnlyList<(string Path, string? Field)> Records { get; init; } = [];

    /// <summary>Gets whether the first directory of a capture is its flows' label.</summary>
    public bool FromDirectories { get; init; }

    /// <summary>Gets whether labels that are there may be replaced.</summary>
    public bool Force { get; init; }
}
