using System.Buffers;

namespace ServeFlow.Training.Labelling;

/// <summary>Fields as separated values have them (RFC 4180).</summary>
static class CsvText
{
    /// <summary>Puts a field into quotes where it needs them.</summary>
    public static string Quote(string text, char separator) =>
        text.Contains(separator) || text.AsSpan().IndexOfAny(Special) >= 0
            ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : text;

    static readonly SearchValues<char> Special = SearchValues.Create("\"\r\n");
}
