using ServeFlow.Packets.Captures.Reading;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>
/// Tells variants of pcap apart that have the same magic number and longer record headers: Red Hat 6.1 (24 bytes) and
/// Nokia (20) beside the usual 16, SuSE 6.3 (28) beside the modified 24. The first records are read in each way, as
/// Wireshark does; another way than the usual is taken only where nothing is wrong in it, for the file may be damaged.
/// </summary>
static class PcapVariant
{
    public const int Nokia = 20;
    public const int Suse = 28;

    const int RecordsToTry = 3;
    const int MaxInterfaces = 10_000;
    const int MaxPacketTypes = 4;

    /// <summary>Returns the format with the length of record headers that fits; the usual one where none
    /// does.</summary>
    /// <param name="window">Stands behind the file's header.</param>
    /// <param name="mayWait">Whether more bytes may be read; on a pipe the first packet must not wait for more.</param>
    public static PcapFormat Find(CaptureWindow window, PcapFormat format, bool mayWait)
    {
        foreach (var length in format.RecordHeaderLengths)
        {
            var tried = format with { RecordHeaderLength = length };
            if (CountWrong(window, tried, mayWait) == 0)
            {
                return tried;
            }
        }

        return format;
    }

    static int CountWrong(CaptureWindow window, PcapFormat format, bool mayWait)
    {
        var (wrong, at, lastNs) = (0, 0, (long?)null);
        for (var i = 0; i < RecordsToTry; i++)
        {
            if (!window.TryBuffer(at + format.RecordHeaderLength, mayWait))
            {
                return wrong + (mayWait && window.Available.Length > at ? 1 : 0);
            }

            var header = window.Available[at..];
            var record = PcapRecord.Read(header, format.BigEndian);
            var timestampNs = record.TimestampNs(format.Nanoseconds);
            wrong += CountWrong(record, format) + CountWrongExtra(header, format)
                + One(lastNs is { } last && Math.Abs(timestampNs - last) > CaptureLimits.MaxGapOverDamageNs);
            lastNs = timestampNs;
            if (record.Captured > CaptureLimits.MaxCapturedLength)
            {
                return wrong + 1;
            }

            at += format.RecordHeaderLength + (int)record.Captured;
            if (!window.TryBuffer(at, mayWait))
            {
                return wrong + (mayWait ? 1 : 0);
            }
        }

        return wrong;
    }

    static int CountWrong(PcapRecord record, PcapFormat format) =>
        One(record.Fraction >= format.FractionsPerSecond)
        + One(format.SnapLength > 0 && record.Captured > format.SnapLength)
        + One(record.Original > CaptureLimits.MaxOriginalLength)
        + One(record.Captured > record.Original);

    static int CountWrongExtra(ReadOnlySpan<byte> header, PcapFormat format) => format.RecordHeaderLength switch
    {
        Nokia => One(!IsNokia(ByteOrder.Read32(header[16..], format.BigEndian))),
        > Nokia => One(ByteOrder.Read32(header[16..], format.BigEndian) > MaxInterfaces)
            + One(!IsProtocol(ByteOrder.Read16(header[20..], format.BigEndian)))
            + One(header[22] > MaxPacketTypes),
        _ => 0,
    };

    /// <summary>Zero, or one of the values that were seen in such files.</summary>
    static bool IsNokia(uint extra) => extra == 0 ||
        ((extra & 0x0fff00f0) == 0x0fbf0000 && (extra >> 28) is 9 or 11 && ((extra >> 12) & 15) is 11 or 13 &&
        ((extra >> 8) & 15) is 6 or 9 && (extra & 15) is 1 or 2);

    /// <summary>An EtherType, or one of the numbers that Linux uses instead.</summary>
    static bool IsProtocol(int protocol) => protocol is >= 0x600 or 0x60 or 0x200 or 0x400 or <= 0x17;

    static int One(bool isWrong) => isWrong ? 1 : 0;
}
