using System.Globalization;
using System.Net;
using System.Text;

namespace ServeFlow.Training.Reports;

/// <summary>A line of a plot.</summary>
/// <param name="Name">As the legend shows it.</param>
/// <param name="Points">In order of x.</param>
/// <param name="Colour">Number of the page's colour, 1–6.</param>
/// <param name="Marked">Draw each point as a dot instead of joining them.</param>
sealed record PlotLine(string Name, IReadOnlyList<(double X, double Y)> Points, int Colour, bool Marked = false);

/// <summary>A plot of lines over two axes, as SVG that takes its colours from the page.</summary>
static class LinePlot
{
    const int Width = 640;
    const int Height = 320;
    const int Left = 62;
    const int Right = 16;
    const int Top = 14;
    const int Bottom = 46;

    /// <summary>Width of a legend entry's letters at the page's font, in pixels, generous.</summary>
    const double LetterWidth = 7;

    public static string Draw(Axis x, Axis y, IReadOnlyList<PlotLine> lines)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg viewBox=\"0 0 {Width} {Height + 22}\" role=\"img\" aria-label=\"{Text(y.Title)} by {Text(x.Title)}\">");
        DrawAxes(svg, x, y);
        foreach (var line in lines)
        {
            DrawLine(svg, x, y, line);
        }

        DrawLegend(svg, lines);
        return svg.Append("</svg>").ToString();
    }

    static void DrawAxes(StringBuilder svg, Axis x, Axis y)
    {
        foreach (var (value, text) in x.Ticks())
        {
            var at = PixelX(x, value);
            svg.Append(CultureInfo.InvariantCulture,
                $"<path class=\"grid\" d=\"M{at:F1} {Top}V{Height - Bottom}\"/><text x=\"{at:F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{text}</text>");
        }

        foreach (var (value, text) in y.Ticks())
        {
            var at = PixelY(y, value);
            svg.Append(CultureInfo.InvariantCulture,
                $"<path class=\"grid\" d=\"M{Left} {at:F1}H{Width - Right}\"/><text x=\"{Left - 6}\" y=\"{at + 4:F1}\" text-anchor=\"end\">{text}</text>");
        }

        svg.Append(CultureInfo.InvariantCulture,
            $"<text class=\"axis\" x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">{Text(x.Title)}</text>");
        svg.Append(CultureInfo.InvariantCulture,
            $"<text class=\"axis\" transform=\"translate(14 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Text(y.Title)}</text>");
    }

    static void DrawLine(StringBuilder svg, Axis x, Axis y, PlotLine line)
    {
        if (line.Marked)
        {
            foreach (var (px, py) in line.Points)
            {
                svg.Append(CultureInfo.InvariantCulture,
                    $"<circle class=\"dot c{line.Colour}\" cx=\"{PixelX(x, px):F1}\" cy=\"{PixelY(y, py):F1}\" r=\"5\"/>");
            }

            return;
        }

        var path = string.Join('L', line.Points.Select(point => string.Create(CultureInfo.InvariantCulture,
            $"{PixelX(x, point.X):F1} {PixelY(y, point.Y):F1}")));
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line c{line.Colour}\" d=\"M{path}\"/>");
    }

    static void DrawLegend(StringBuilder svg, IReadOnlyList<PlotLine> lines)
    {
        double at = Left;
        foreach (var line in lines)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<circle class=\"dot c{line.Colour}\" cx=\"{at + 5:F1}\" cy=\"{Height + 8}\" r=\"5\"/><text x=\"{at + 15:F1}\" y=\"{Height + 12}\">{Text(line.Name)}</text>");
            at += 32 + (line.Name.Length * LetterWidth);
        }
    }

    static double PixelX(Axis axis, double value) => Left + (axis.Position(value) * (Width - Left - Right));

    static double PixelY(Axis axis, double value) => Height - Bottom - (axis.Position(value) * (Height - Top - Bottom));

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
