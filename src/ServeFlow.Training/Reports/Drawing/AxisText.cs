using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Reports.Drawing;

/// <summary>Names how an axis writes its values.</summary>
enum AxisUnit
{
    Number,

    /// <summary>The axis writes percent.</summary>
    Share,

    /// <summary>The axis writes milliseconds with the unit that fits.</summary>
    Duration,

    /// <summary>Thousands as k, millions as M.</summary>
    Count,
}

/// <summary>Values as people say them.</summary>
static class AxisText
{
    /// <param name="digits">Behind the point, where the unit does not say.</param>
    public static string Format(double value, AxisUnit unit, int digits) => unit switch
    {
        AxisUnit.Share => NumberText.Percent(value, digits),
        AxisUnit.Duration => Duration(value),
        AxisUnit.Count => Count(value),
        _ => NumberText.Fixed(value, digits),
    };

    /// <summary>Two significant digits below ten, none behind the point above.</summary>
    public static string Duration(double milliseconds) => milliseconds switch
    {
        0 => "0 ms",
        < 0.9995e-3 => $"{milliseconds * 1e6:0} ns",
        < 0.9995 => Short(milliseconds * 1e3, "µs"),
        < 999.5 => Short(milliseconds, "ms"),
        _ => Short(milliseconds / 1e3, "s"),
    };

    public static string Count(double count) => count switch
    {
        >= 999_500 => $"{count / 1e6:0.##}M",
        >= 9_995 => $"{count / 1e3:0.#}k",
        _ => $"{count:#,0.##}",
    };

    static string Short(double value, string unit) => value < 9.95 ? $"{value:0.#} {unit}" : $"{value:0} {unit}";
}
