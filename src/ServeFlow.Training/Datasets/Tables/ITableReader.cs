namespace ServeFlow.Training.Datasets.Tables;

/// <summary>Reads a table of flows record by record, whatever its format.</summary>
interface ITableReader
{
    /// <summary>Gets the line on which the record that was read last begins, from 1.</summary>
    int Line { get; }

    /// <summary>Moves to the next record; returns false at the end.</summary>
    /// <exception cref="InputException">A line is not what the format allows.</exception>
    bool TryRead();

    /// <summary>
    /// Finds a field of the record under the name that is preferred, without spaces around it. A name may be given
    /// before the usual ones.
    /// </summary>
    /// <param name="name">The column as the table calls it; empty where it has none.</param>
    /// <param name="value">The field's text; empty where the record has none.</param>
    bool TryFind(TableField field, out string name, out string value);
}
