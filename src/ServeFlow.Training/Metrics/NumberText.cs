using System.Globalization;

namespace ServeFlow.Training.Metrics;

/// <summary>Writes numbers the way that every table, sentence, page and file of ServeFlow shows them.</summary>
public static class NumberText
{
    /// <summary>Formats a share as a percentage: 0.123 becomes <c>12.3 %</c>.</summary>
    public static string Percent(double share, int digits = 1) => Fixed(share * 100, digits) + " %";

    /// <summary>Formats a number with a fixed number of digits after the point.</summary>
    public static string Fixed(double value, int digits) => value.ToString($"F{digits}", CultureInfo.InvariantCulture);

    /// <summary>Formats a number as <see cref="Fixed(double, int)"/> does; nothing becomes the empty string.</summary>
    public static string Fixed(double? value, int digits) => value is { } number ? Fixed(number, digits) : "";

    /// <summary>Formats an interval with a fixed number of digits; nothing becomes the empty string.</summary>
    public static string Fixed(Interval? interval, int digits) =>
        interval is { } range ? range.Format(end => Fixed(end, digits)) : "";

    /// <summary>Formats an interval of a share as percentages; nothing becomes the empty string.</summary>
    public static string Percent(Interval? interval, int digits = 1) =>
        interval is { } range ? range.Format(end => Percent(end, digits)) : "";

    /// <summary>Formats a whole number with a comma between thousands.</summary>
    public static string Count(double count) => count.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Formats a count with what is counted: "1 flow", "2,345 flows".</summary>
    public static string Count(int count, string one) => count == 1 ? $"1 {one}" : $"{Count(count)} {one}s";

    /// <summary>Formats a number for a file: nine significant digits tell any two flows' times apart.</summary>
    public static string Raw(double value) => value.ToString("G9", CultureInfo.InvariantCulture);
}
