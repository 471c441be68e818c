using System.Globalization;

namespace ServeFlow;

/// <summary>Writes a text as a cell of comma-separated values (RFC 4180), for people, spreadsheets and
/// pandas.</summary>
public static class CsvCell
{
    /// <summary>Formats a cell: what commands is escaped, and quotes are put where a cell needs them.</summary>
    /// <param name="isSafe">Whether a spreadsheet must not take the cell for a formula.</param>
    public static string Format(string text, bool isSafe = false) => Quote(Escape(text, isSafe));

    /// <summary>
    /// Escapes what commands. A cell that a spreadsheet would run (it begins with = + - @ or their wide forms and is no
    /// number) gets a <c>'</c> in front where it must be safe, which spreadsheets take for the mark of a text.
    /// </summary>
    public static string Escape(string text, bool isSafe)
    {
        var printable = PrintableText.Escape(text);
        return isSafe && BeginsFormula(printable.AsSpan().TrimStart()) ? $"'{printable}" : printable;
    }

    static bool BeginsFormula(ReadOnlySpan<char> text) =>
        text is ['=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠', ..]
        && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"")}\"";
}
