using System.Globalization;
using System.Net;
using System.Text;

namespace ServeFlow.Training.Reports;

/// <summary>
/// A confusion matrix as SVG: rows are the true classes, columns the answers, shade the share of the row.
/// </summary>
static class ConfusionMap
{
    const int Cell = 24;

    /// <summary>Room for the longest class name, at this many pixels a letter: capitals of the page's font.</summary>
    const double LetterWidth = 8.6;

    /// <param name="labels">Class names.</param>
    /// <param name="count">Flows of a true class with an answer.</param>
    public static string Draw(IReadOnlyList<string> labels, Func<int, int, int> count)
    {
        var margin = 16 + (int)(labels.Max(label => label.Length) * LetterWidth);
        var side = margin + (labels.Count * Cell) + 8;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg viewBox=\"0 0 {side} {side}\" style=\"max-width:{side}px\" role=\"img\" aria-label=\"confusion matrix\">");
        for (var row = 0; row < labels.Count; row++)
        {
            DrawNames(svg, labels[row], margin, margin + (row * Cell) + (Cell / 2));
            DrawRow(svg, labels, count, row, margin);
        }

        return svg.Append("</svg>").ToString();
    }

    static void DrawNames(StringBuilder svg, string label, int margin, int middle)
    {
        var text = WebUtility.HtmlEncode(label);
        svg.Append(CultureInfo.InvariantCulture,
            $"<text x=\"{margin - 6}\" y=\"{middle + 4}\" text-anchor=\"end\">{text}</text><text transform=\"translate({middle + 4} {margin - 6}) rotate(-90)\">{text}</text>");
    }

    static void DrawRow(StringBuilder svg, IReadOnlyList<string> labels, Func<int, int, int> count, int row,
        int margin)
    {
        var total = Enumerable.Range(0, labels.Count).Sum(column => count(row, column));
        for (var column = 0; column < labels.Count; column++)
        {
            var share = total == 0 ? 0 : (double)count(row, column) / total;
            var kind = row == column ? "cell" : "wrong";
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect class=\"{kind}\" x=\"{margin + (column * Cell) + 1}\" y=\"{margin + (row * Cell) + 1}\" width=\"{Cell - 2}\" height=\"{Cell - 2}\" rx=\"3\" fill-opacity=\"{0.04 + (0.96 * share):F3}\"><title>{WebUtility.HtmlEncode(labels[row])} answered {WebUtility.HtmlEncode(labels[column])}: {count(row, column)} of {total}</title></rect>");
        }
    }
}
