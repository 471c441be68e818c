using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ServeFlow.Training.Reports.Drawing;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>Where the texts of a drawing stand, by the generous letters of <see cref="TextWidth"/>.</summary>
static class DrawingTexts
{
    /// <summary>From a baseline up to the top of capitals and down to the tails of letters, as shares of the
    /// size.</summary>
    const double Ascent = 0.76;
    const double Descent = 0.22;

    public static IReadOnlyList<(string Text, Box Box)> Find(XElement svg) =>
        [.. svg.Elements().Where(e => e.Name.LocalName == "text").Select(e => (e.Value, BoxOf(e)))];

    public static Box Canvas(XElement svg)
    {
        var view = svg.Attribute("viewBox")!.Value.Split(' ')
            .Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray();
        return new(0, 0, view[2], view[3]);
    }

    static Box BoxOf(XElement text)
    {
        var size = Number(text, "font-size");
        var isBold = text.Attribute("class")?.Value.Split(' ').Contains("b") == true;
        var width = TextWidth.Measure(text.Value, size, isBold);
        var before = text.Attribute("text-anchor")?.Value switch { "middle" => width / 2, "end" => width, _ => 0 };
        if (text.Attribute("transform")?.Value is not { } turned)
        {
            return new(Number(text, "x") - before, Number(text, "y") - (Ascent * size), width,
                (Ascent + Descent) * size);
        }

        // Turned to read from below to above: what was left is below, what was above is left.
        var at = Regex.Match(turned, @"translate\(([-\d.]+) ([-\d.]+)\) rotate\(-90\)").Groups;
        var (x, y) = (double.Parse(at[1].Value, CultureInfo.InvariantCulture),
            double.Parse(at[2].Value, CultureInfo.InvariantCulture));
        return new(x - (Ascent * size), y + before - width, (Ascent + Descent) * size, width);
    }

    static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
