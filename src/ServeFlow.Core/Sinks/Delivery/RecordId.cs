using System.Buffers;
using System.Buffers.Text;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Sinks.Delivery;

/// <summary>
/// Gives a record of a spool its id: the number of the spool in sixteen hexadecimal digits, a hyphen, and the sequence
/// number. A record that is delivered twice has the same id both times, and no two records have the same.
/// </summary>
public static class RecordId
{
    public const int MaxLength = 40;

    static ReadOnlySpan<byte> Field => "{\"record_id\":\""u8;

    /// <summary>Formats the id; returns its length in bytes.</summary>
    public static int Write(SpooledRecord record, Span<byte> text)
    {
        Utf8Formatter.TryFormat(record.Spool, text, out var length, new('x', 16));
        text[length++] = (byte)'-';
        Utf8Formatter.TryFormat(record.Sequence, text[length..], out var digits);
        return length + digits;
    }

    /// <summary>Writes a line of JSON with the id as its first field.</summary>
    /// <param name="record">The record, whose payload is a line of JSON that has fields.</param>
    /// <param name="output">Receives the line, without an end.</param>
    public static void WriteLine(SpooledRecord record, IBufferWriter<byte> output)
    {
        var rest = record.Payload[1..];
        var text = output.GetSpan(Field.Length + MaxLength + rest.Length);
        Field.CopyTo(text);
        var length = Field.Length;
        length += Write(record, text[length..]);
        "\","u8.CopyTo(text[length..]);
        length += 2;
        rest.CopyTo(text[length..]);
        output.Advance(length + rest.Length);
    }
}
