using System.Globalization;

namespace ServeFlow.Dashboard.Feeds;

/// <summary>Writes numbers as the page shows them.</summary>
static class Figure
{
    /// <summary>Writes a count with thousands apart.</summary>
    public static string Count(double value) => value.ToString("N0");

    /// <summary>Writes a rate: whole numbers from ten on, else with one decimal.</summary>
    public static string Rate(double value) => value is 0 or >= 9.95 ? value.ToString("N0") : value.ToString("0.0");

    /// <summary>Writes a share of a whole; a dash where that is nothing.</summary>
    public static string Share(double part, double whole) =>
        whole > 0 ? $"{(100 * part / whole).ToString("0.0")} %" : "–";

    /// <summary>Writes milliseconds, or seconds where they are many; a dash where nothing was measured.</summary>
    public static string Milliseconds(double? value) => value switch
    {
        null => "–",
        >= 10_000 => $"{(value.Value / 1000).ToString("N1")} s",
        >= 10 => $"{value.Value.ToString("N0")} ms",
        _ => $"{value.Value.ToString("0.##")} ms",
    };

    /// <summary>Writes bytes in the unit that suits them.</summary>
    public static string Bytes(double value) => value switch
    {
        >= 1 << 30 => $"{(value / (1 << 30)).ToString("0.0")} GiB",
        >= 1 << 20 => $"{(value / (1 << 20)).ToString("0.0")} MiB",
        _ => $"{(value / (1 << 10)).ToString("N0")} KiB",
    };

    /// <summary>Writes a time of the API to the minute; a dash where there is none.</summary>
    public static string Minute(string? timestamp) => DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture,
        DateTimeStyles.AdjustToUniversal, out var time) ? time.ToString("yyyy-MM-dd HH:mm") + " UTC" : "–";

    /// <summary>Writes a number shortly, for an axis.</summary>
    public static string Short(double value) => value switch
    {
        >= 1e9 => $"{(value / 1e9).ToString("0.#")} G",
        >= 1e6 => $"{(value / 1e6).ToString("0.#")} M",
        >= 1e3 => $"{(value / 1e3).ToString("0.#")} k",
        _ => value.ToString("0.##"),
    };
}
