using ServeFlow.Training.Datasets.Tables;

namespace ServeFlow.Training.Datasets.Labels;

/// <summary>Names the column of a labels file whose values say which flows belong together: sessions, hosts.</summary>
/// <param name="Name">The column's name; case does not matter.</param>
/// <param name="IsOptional">Whether a file may lack it; flows are divided by capture then.</param>
public sealed record GroupColumn(string Name, bool IsOptional = false)
{
    /// <returns>The column as the file calls it, and its place; null where the file may lack it and does.</returns>
    /// <exception cref="InputException">There is no such column.</exception>
    internal (string Name, int Place)? Find(SeparatedTable? table, string path)
    {
        var names = table?.Columns.Names ?? [];
        var place = names.Index().Where(column => column.Item.Equals(Name, StringComparison.OrdinalIgnoreCase))
            .Select(column => column.Index).FirstOrDefault(-1);
        return place >= 0 ? (names[place], place)
            : IsOptional ? null
            : throw new InputException($"{path}:1: no column '{InputException.Quote(Name)}' to divide flows by; "
                + (table is null
                    ? "give the labels as a table with a header line"
                    : $"it has {InputException.Quote(string.Join(", ", names))}"))
            {
                Settings = [Setting.Labels],
            };
    }
}
