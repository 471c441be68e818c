using System.Globalization;

namespace ServeFlow.Sinks.Delivery;

/// <summary>Looks into a line of EVE as ServeFlow writes it, without reading all of it.</summary>
public static class EveLine
{
    /// <summary>Finds the text of a field; empty where the line does not have it.</summary>
    /// <param name="line">The line.</param>
    /// <param name="field">The field's name with quotes, colon and the quote that begins the text. The text holds no
    /// quotes.</param>
    public static ReadOnlySpan<byte> FindText(ReadOnlySpan<byte> line, ReadOnlySpan<byte> field)
    {
        var at = line.IndexOf(field);
        var rest = at < 0 ? default : line[(at + field.Length)..];
        return rest[..Math.Max(0, rest.IndexOf((byte)'"'))];
    }

    /// <summary>Parses a time, such as <c>2023-11-14T23:13:22.105025+0000</c>.</summary>
    public static DateTimeOffset ParseTime(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
}
