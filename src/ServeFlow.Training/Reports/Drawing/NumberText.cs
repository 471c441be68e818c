using System.Globalization;

namespace ServeFlow.Training.Reports.Drawing;

/// <summary>Numbers as the page shows them and as the files hold them.</summary>
static class NumberText
{
    public static string Percent(double share, int digits = 1) => $"{(share * 100).ToString($"F{digits}")} %";

    public static string Fixed(double value, int digits) => value.ToString($"F{digits}");

    public static string Count(double count) => $"{count:#,0}";

    /// <summary>"1 flow", "2,345 flows".</summary>
    public static string Count(int count, string one) => count == 1 ? $"1 {one}" : $"{count:#,0} {one}s";

    /// <summary>For a file: nine significant digits, enough to tell any two flows' times apart.</summary>
    public static string Raw(double value) => value.ToString("G9", CultureInfo.InvariantCulture);
}
