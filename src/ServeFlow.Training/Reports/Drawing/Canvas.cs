using System.Globalization;
using System.Text;

namespace ServeFlow.Training.Reports.Drawing;

/// <summary>
/// An SVG drawing under way, in pixels. It takes its colours from the page's style, and says what it shows to those
/// who cannot see it.
/// </summary>
/// <param name="label">What it is, in a few words.</param>
/// <param name="description">What it says, in a sentence or two.</param>
sealed class Canvas(double width, double height, string label, string description)
{
    /// <summary>
    /// Specifies the distance from the middle of a line of letters to their baseline, as a share of the font's size.
    /// </summary>
    const double Baseline = 0.35;

    readonly StringBuilder body = new();

    public double Width => width;

    public double Height => height;

    public void Rect(Box box, string style, string? tip = null, double opacity = 1, double corner = 0,
        string data = "") =>
        Close("rect", tip, $"<rect class=\"{style}\" x=\"{N(box.Left)}\" y=\"{N(box.Top)}\" width=\"{N(box.Width)}\" "
            + $"height=\"{N(box.Height)}\"{Corner(corner)}{Opacity(opacity)}{data}");

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        body.Append($"<path class=\"{style}\" d=\"M{N(x1)} {N(y1)}L{N(x2)} {N(y2)}\"/>");

    /// <param name="shape">Commands of a path.</param>
    public void Path(string shape, string style, string? tip = null, string data = "") =>
        Close("path", tip, $"<path class=\"{style}\" d=\"{shape}\"{data}");

    /// <param name="middle">Height of the text's middle.</param>
    public void Text(double x, double middle, string text, TextLook look, TextAnchor anchor = TextAnchor.Start,
        string data = "") =>
        Put($" x=\"{N(x)}\" y=\"{N(middle + (look.Size * Baseline))}\"{data}", text, look, anchor);

    /// <summary>A text that reads from below to above.</summary>
    /// <param name="middle">Place of the text's middle, across its letters.</param>
    /// <param name="y">The y of the text's anchor, in pixels.</param>
    public void Upright(double middle, double y, string text, TextLook look, TextAnchor anchor) =>
        Put($" transform=\"translate({N(middle + (look.Size * Baseline))} {N(y)}) rotate(-90)\"", text, look, anchor);

    public void Mark(Mark mark, double x, double y, double radius, string style, string? tip = null,
        string data = "") =>
        Path(Marks.Shape(mark, x, y, radius), style, tip, data);

    /// <summary>Returns an attribute that tools read: which series an element belongs to, or the value that it stands
    /// for.</summary>
    public static string Data(string name, string value) => $" data-{name}=\"{Markup.Encode(value)}\"";

    public static string Data(string name, double value) =>
        $" data-{name}=\"{value.ToString("R", CultureInfo.InvariantCulture)}\"";

    /// <summary>Formats a coordinate to a hundredth of a pixel.</summary>
    public static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public override string ToString() =>
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {N(width)} {N(height)}\" width=\"{N(width)}\" "
        + $"height=\"{N(height)}\" role=\"img\" aria-label=\"{Markup.Encode($"{label}. {description}")}\">"
        + $"<desc>{Markup.Encode(description)}</desc>{body}</svg>";

    void Put(string place, string text, TextLook look, TextAnchor anchor)
    {
        var style = look.Style.Length == 0 ? "" : $" class=\"{look.Style}\"";
        var side = anchor == TextAnchor.Start ? "" : $" text-anchor=\"{anchor.ToString().ToLowerInvariant()}\"";
        body.Append($"<text{place} font-size=\"{N(look.Size)}\"{style}{side}>{Markup.Encode(text)}</text>");
    }

    void Close(string element, string? tip, string opening) => body.Append(tip is null
        ? opening + "/>"
        : $"{opening}><title>{Markup.Encode(tip)}</title></{element}>");

    static string Corner(double corner) => corner == 0 ? "" : $" rx=\"{N(corner)}\"";

    static string Opacity(double opacity) => opacity == 1 ? "" : $" fill-opacity=\"{opacity:0.###}\"";
}
