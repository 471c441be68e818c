using System.Globalization;
using System.Xml.Linq;

namespace ServeFlow.Training.Tests.Reports;

/// <summary>Where an axis of a drawing puts a value, by two of its ticks.</summary>
sealed class PixelScale
{
    readonly bool isLinear;
    readonly (double Value, double Pixel) low;
    readonly (double Value, double Pixel) high;

    PixelScale(bool isLinear, (double Value, double Pixel) low, (double Value, double Pixel) high) =>
        (this.isLinear, this.low, this.high) = (isLinear, low, high);

    /// <param name="axis"><c>data-x</c> or <c>data-y</c>.</param>
    public static PixelScale FromAxis(XElement svg, string axis, bool isLinear)
    {
        var ticks = svg.Elements().Where(e => e.Attribute(axis) is not null)
            .Select(e => (Number(e, axis),
                axis == "data-x" ? Number(e, "x") : Number(e, "y") - (0.35 * Number(e, "font-size"))))
            .OrderBy(t => t.Item1).ToList();
        return new(isLinear, ticks[0], ticks[^1]);
    }

    /// <summary>Values beyond the axis are drawn at its ends, which are ticks where it is logarithmic.</summary>
    public double At(double value)
    {
        var at = isLinear ? value : Math.Clamp(value, low.Value, high.Value);
        var share = (Transform(at) - Transform(low.Value)) / (Transform(high.Value) - Transform(low.Value));
        return low.Pixel + (share * (high.Pixel - low.Pixel));
    }

    double Transform(double value) => isLinear ? value : Math.Log10(value);

    static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
