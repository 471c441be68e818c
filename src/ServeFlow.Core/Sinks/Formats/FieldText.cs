using System.Buffers.Text;

namespace ServeFlow.Sinks.Formats;

/// <summary>Writes values of records as UTF-8 text into a span; each method returns the length.</summary>
static class FieldText
{
    /// <summary>Enough for every value here.</summary>
    public const int MaxLength = 64;

    /// <summary>
    /// ISO 8601 with µs and the offset as Suricata writes it: <c>2018-03-06T02:30:22.105025+0000</c>.
    /// </summary>
    public static int Timestamp(long ns, Span<byte> text)
    {
        var time = DateTime.UnixEpoch.AddTicks(ns / 100);
        time.TryFormat(text, out var length, "yyyy-MM-ddTHH:mm:ss.ffffff+0000");
        return length;
    }

    /// <summary>Writes seconds with six decimals, as Zeek writes times and intervals.</summary>
    public static int Seconds(long ns, Span<byte> text)
    {
        var microseconds = ns / 1000;
        var sign = microseconds < 0 ? 1 : 0;
        text[0] = (byte)'-';
        Utf8Formatter.TryFormat(Math.Abs(microseconds) / 1_000_000, text[sign..], out var whole);
        var point = sign + whole;
        text[point] = (byte)'.';
        Utf8Formatter.TryFormat(Math.Abs(microseconds) % 1_000_000, text[(point + 1)..], out var digits, new('D', 6));
        return point + 1 + digits;
    }
}
