using System.Buffers;
using System.Buffers.Text;
using System.Text;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Sinks.Delivery;

/// <summary>
/// Writes records as messages of syslog (RFC 5424), each with its length before it, as RFC 5425 and octet counting of
/// RFC 6587 have it. The message is a line of EVE with the record's id; its time is that of the record, its MSGID the
/// event.
/// </summary>
public sealed class SyslogFraming : IRecordFraming
{
    const int Informational = 6;
    const int Facilities = 8;

    /// <summary>Specifies the longest number before a message, with its space.</summary>
    const int MaxCount = 8;

    /// <summary>Specifies the number of bytes of a time in EVE, such as
    /// <c>2023-11-14T23:13:22.105025+0000</c>.</summary>
    const int TimeLength = 31;

    const int MaxEvent = 32;

    readonly ArrayBufferWriter<byte> message = new();
    readonly byte[] begin;
    readonly byte[] source;

    /// <param name="facility">The facility, such as <c>local5</c>.</param>
    /// <param name="host">The name of this machine; null for what the system says.</param>
    /// <exception cref="InputException">There is no such facility.</exception>
    public SyslogFraming(string facility, string? host = null)
    {
        var number = FacilityNames.ToList().IndexOf(facility);
        if (number < 0)
        {
            throw new InputException($"'{facility}': is no facility of syslog; give one of "
                + string.Join(", ", FacilityNames));
        }

        begin = Encoding.ASCII.GetBytes($"<{(number * Facilities) + Informational}>1 ");
        source = Encoding.ASCII.GetBytes($" {Printable(host ?? Environment.MachineName)} serveflow "
            + $"{Environment.ProcessId} ");
    }

    /// <summary>Gets the names of the facilities, in the order of their numbers.</summary>
    public static IReadOnlyList<string> FacilityNames { get; } =
    [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp",
        "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ];

    static ReadOnlySpan<byte> TimeField => "{\"timestamp\":\""u8;

    static ReadOnlySpan<byte> EventField => "\"event_type\":\""u8;

    public void Write(SpooledRecord record, IBufferWriter<byte> output)
    {
        message.ResetWrittenCount();
        message.Write(begin);
        WriteTime(record.Payload);
        message.Write(source);
        WriteEvent(record.Payload);
        message.Write(" - "u8);
        RecordId.WriteLine(record, message);

        var count = output.GetSpan(MaxCount);
        Utf8Formatter.TryFormat(message.WrittenCount, count, out var digits);
        count[digits] = (byte)' ';
        output.Advance(digits + 1);
        output.Write(message.WrittenSpan);
    }

    /// <summary>Writes the time with a colon in its zone, as RFC 3339 has it.</summary>
    void WriteTime(ReadOnlySpan<byte> line)
    {
        if (line.Length < TimeField.Length + TimeLength || !line.StartsWith(TimeField))
        {
            message.Write("-"u8);
            return;
        }

        var time = line.Slice(TimeField.Length, TimeLength);
        message.Write(time[..^2]);
        message.Write(":"u8);
        message.Write(time[^2..]);
    }

    void WriteEvent(ReadOnlySpan<byte> line)
    {
        var name = EveLine.FindText(line, EventField);
        message.Write(name.Length is > 0 and <= MaxEvent ? name : "-"u8);
    }

    /// <summary>A host's name has visible ASCII alone, and no more of it than RFC 5424 allows.</summary>
    static string Printable(string host)
    {
        var name = string.Concat(host.Where(c => c is > ' ' and <= '~').Take(255));
        return name.Length > 0 ? name : "-";
    }
}
