using System.Text;

namespace ServeFlow.Training.Reports.Summaries;

/// <summary>
/// A table in plain text: the first column to the left, figures to the right. Control characters of names are escaped.
/// </summary>
public sealed class TextTable
{
    readonly List<string[]> rows = [];

    public TextTable(params string[] header) => rows.Add(header);

    /// <summary>Adds a row; cells that are left out at its end are empty.</summary>
    public void Add(params string[] cells) =>
        rows.Add([.. cells.Select(PrintableText.Escape), .. Enumerable.Repeat("", rows[0].Length - cells.Length)]);

    public override string ToString()
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, c) => c == 0 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }
}
