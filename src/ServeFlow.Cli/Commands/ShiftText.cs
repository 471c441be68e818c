using System.Globalization;
using System.Text.RegularExpressions;

namespace ServeFlow.Cli.Commands;

/// <summary>Reads a shift of time, such as <c>3h</c>, <c>-90m</c> or <c>-5h30m</c>.</summary>
static partial class ShiftText
{
    /// <summary>A clock that is off by more than a century is none.</summary>
    const double MaxSeconds = 100 * 365.25 * 86_400;

    public static bool TryParse(string text, out TimeSpan shift)
    {
        var match = Form().Match(text);
        var seconds = (86_400 * Number(match, "d")) + (3600 * Number(match, "h")) + (60 * Number(match, "m"))
            + Number(match, "s");
        var isValid = match.Success && text[^1] is not ('+' or '-') && seconds <= MaxSeconds;
        shift = isValid ? TimeSpan.FromSeconds(text[0] == '-' ? -seconds : seconds) : default;
        return isValid;
    }

    static double Number(Match match, string unit) => match.Groups[unit] is { Success: true } group
        ? double.Parse(group.ValueSpan, CultureInfo.InvariantCulture)
        : 0;

    [GeneratedRegex(@"\A[+-]?(?=.)((?<d>[0-9]{1,6}(\.[0-9]+)?)d)?((?<h>[0-9]{1,8}(\.[0-9]+)?)h)?"
        + @"((?<m>[0-9]{1,9}(\.[0-9]+)?)m)?((?<s>[0-9]{1,10}(\.[0-9]+)?)s)?\z")]
    private static partial Regex Form();
}
