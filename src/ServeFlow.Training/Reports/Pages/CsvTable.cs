using System.Text;

namespace ServeFlow.Training.Reports.Pages;

/// <summary>Represents the numbers behind a figure or a table, as a file that spreadsheets and pandas read (RFC
/// 4180).</summary>
/// <param name="Name">The name of the file, without its extension.</param>
/// <param name="Head">Names of the columns.</param>
/// <param name="Rows">Each as long as the head.</param>
sealed record CsvTable(string Name, IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    public string FileName => $"{Name}.csv";

    public override string ToString() => ToString(hasSafeCells: false);

    /// <param name="hasSafeCells">Whether cells that a spreadsheet would run as a formula are neutralised.</param>
    public string ToString(bool hasSafeCells)
    {
        var text = new StringBuilder();
        foreach (var row in Rows.Prepend(Head))
        {
            text.AppendJoin(',', row.Select(cell => CsvCell.Format(cell, hasSafeCells))).Append('\n');
        }

        return text.ToString();
    }
}
