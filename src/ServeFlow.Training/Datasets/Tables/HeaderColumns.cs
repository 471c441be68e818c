namespace ServeFlow.Training.Datasets.Tables;

/// <summary>Represents the columns that a header line names, and which of them are read.</summary>
sealed class HeaderColumns
{
    readonly (string Name, int Place)?[] places;

    /// <param name="path">The file's name in errors.</param>
    /// <param name="line">The header's line.</param>
    /// <param name="labelName">The name of the column that is the label; null for the usual ones.</param>
    /// <exception cref="InputException">Two columns have the name that is read.</exception>
    public HeaderColumns(IReadOnlyList<string> header, string path, int line, string? labelName)
    {
        Count = header.Count;
        Names = [.. header.Select(name => name.Trim().TrimStart('\uFEFF', '#').Trim())];
        var byName = Names.Index().ToLookup(column => FieldNames.Normalize(column.Item), column => column.Index);
        places = [.. Enum.GetValues<TableField>().Select(field => Find(field, byName, path, line, labelName))];
    }

    /// <summary>Gets the number of columns, with those that nobody reads.</summary>
    public int Count { get; }

    /// <summary>Gets the columns' names, without spaces around them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Gets the name and the place of the column that is a field; null where there is none.</summary>
    public (string Name, int Place)? this[TableField field] => places[(int)field];

    (string Name, int Place)? Find(TableField field, ILookup<string, int> byName, string path, int line,
        string? labelName)
    {
        IReadOnlyList<string> wanted = field == TableField.Label && labelName is not null
            ? [FieldNames.Normalize(labelName)]
            : FieldNames.Find(field);
        if (wanted.FirstOrDefault(byName.Contains) is not { } found)
        {
            return null;
        }

        int[] columns = [.. byName[found]];
        return columns.Length == 1
            ? (Names[columns[0]], columns[0])
            : throw new InputException($"{path}:{line}: column '{InputException.Quote(Names[columns[1]])}' is named "
                + "twice; remove one");
    }
}
