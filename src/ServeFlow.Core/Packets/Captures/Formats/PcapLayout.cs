using ServeFlow.Packets.Captures.Reading;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Reads the records of a pcap file, of any variant.</summary>
readonly unsafe struct PcapLayout(PcapFormat format) : IRecordLayout
{
    const long Second = 1_000_000_000;

    readonly bool bigEndian = format.BigEndian;
    readonly bool nanoseconds = format.Nanoseconds;
    readonly long fractionsPerSecond = format.FractionsPerSecond;
    readonly LinkType linkType = format.LinkType;
    readonly PcapLengths lengths = format.Lengths;
    readonly int padding = format.Padding;
    readonly bool isPlain = format is { Lengths: PcapLengths.CapturedFirst, Padding: 0 };

    public int HeaderLength { get; } = format.RecordHeaderLength;

    public bool TryReadHeader(ReadOnlySpan<byte> bytes, out RecordHeader header)
    {
        var record = PcapRecord.Read(bytes, bigEndian).Ordered(lengths);
        header = new(HeaderLength + (int)record.Captured, record.TimestampNs(nanoseconds),
            record.Fraction >= fractionsPerSecond);
        return record.Captured <= CaptureLimits.MaxCapturedLength;
    }

    public bool IsPlausible(ReadOnlySpan<byte> bytes, in RecordHeader header)
    {
        var record = PcapRecord.Read(bytes, bigEndian).Ordered(lengths);
        return record.Captured > 0 && record.Original >= record.Captured &&
               record.Original <= CaptureLimits.MaxOriginalLength && !header.IsTimeOdd;
    }

    public bool TryReadPacket(ReadOnlySpan<byte> record, out RecordPacket packet)
    {
        var header = PcapRecord.Read(record, bigEndian).Ordered(lengths);
        var unused = Math.Min(padding, (int)header.Captured);
        var original = CaptureLimits.OriginalLength(header.Captured, header.Original);
        packet = new(HeaderLength + unused, (int)header.Captured - unused, original - unused, linkType, 0);
        return true;
    }

    public void AddWhole(CaptureWindow window, PacketBurst burst, ref RecordCursor cursor)
    {
        if (!isPlain)
        {
            return;
        }

        var start = window.Pointer;
        var headerLength = HeaderLength;
        var (at, available) = (0, window.Available.Length);
        var (count, last) = (cursor.Number, cursor.LastNs.GetValueOrDefault(long.MinValue));
        while (!burst.IsFull && available - at >= headerLength)
        {
            var record = PcapRecord.Read(start + at, bigEndian);
            if (record.Captured > available - at - headerLength ||
                record.Captured > CaptureLimits.MaxCapturedLength || record.Fraction >= fractionsPerSecond)
            {
                break;
            }

            var timestamp = record.TimestampNs(nanoseconds);
            burst.Add(new(start + at + headerLength, (int)record.Captured,
                CaptureLimits.OriginalLength(record.Captured, record.Original), timestamp, linkType, 0, ++count));
            last = record.Captured == 0 ? last : timestamp;
            at += headerLength + (int)record.Captured;
        }

        window.Advance(at);
        cursor = new(count, last == long.MinValue ? null : last);
    }

    /// <summary>The upper bytes of lengths and fraction are small, and that of the time is near the last one.</summary>
    public BytePattern CreatePattern(long? lastNs)
    {
        var maxFraction = (byte)((fractionsPerSecond - 1) >> 24);
        var (low, high) = lastNs is { } last
            ? (SecondsByte(last - CaptureLimits.MaxGapOverDamageNs),
                SecondsByte(last + CaptureLimits.MaxGapOverDamageNs))
            : ((byte)0, byte.MaxValue);
        var top = bigEndian ? 0 : 3;
        return new(new(top, low, high), new(4 + top, 0, maxFraction), new(8 + top, 0, 1), new(12 + top, 0, 1));
    }

    static byte SecondsByte(long ns) => (byte)(Math.Clamp(ns / Second, 0, uint.MaxValue) >> 24);
}
