using System.Buffers.Binary;
using ServeFlow.Packets.Captures.Reading;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>
/// Records of Endace's Extensible Record Format. Its files have no header, so that only the records tell what they are.
/// </summary>
readonly struct ErfLayout : IRecordLayout
{
    const int FixedLength = 16;
    const int ExtensionLength = 8;
    const byte HasExtension = 0x80;
    const int TypeAt = 8;
    const int RecordsToTry = 20;
    const int Padding = 48;

    /// <summary>A record as a packet, headers included: what pcap files hold of ERF.</summary>
    const LinkType WholeRecord = (LinkType)197;

    /// <summary>1995 to 2100: before DAG cards, and after all of us.</summary>
    const uint EarliestSecond = 788_918_400;
    const uint LatestSecond = 4_102_444_800;

    /// <summary>Interfaces are written one after the other, each in order.</summary>
    const long MaxBackwardsNs = 1_000_000_000;

    public int HeaderLength => FixedLength;

    /// <summary>Determines whether the window begins with ERF records, up to twenty of them or to the end.</summary>
    public static bool IsErf(CaptureWindow window)
    {
        var (layout, at, lastNs) = (default(ErfLayout), 0, 0L);
        for (var i = 0; i < RecordsToTry; i++)
        {
            if (!window.TryBuffer(at + FixedLength, mayMove: true))
            {
                return i > 0 && window.Available.Length == at;
            }

            var bytes = window.Available[at..];
            if (!layout.TryReadHeader(bytes, out var header))
            {
                return false;
            }

            // Padding may have no time.
            if (i == 0 || TypeOf(bytes) != Padding)
            {
                if (!layout.IsPlausible(bytes, header) || (i > 0 && !IsNext(header.TimestampNs, lastNs)))
                {
                    return false;
                }

                lastNs = header.TimestampNs;
            }

            at += header.Length;
            if (!window.TryBuffer(at, mayMove: true))
            {
                return false;
            }
        }

        return true;
    }

    public bool TryReadHeader(ReadOnlySpan<byte> bytes, out RecordHeader header)
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]);
        var time = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        header = new(length, (long)(((time >> 32) * 1_000_000_000) + (((time & uint.MaxValue) * 1_000_000_000) >> 32)),
            IsTimeOdd: false);
        return length >= FixedLength && TypeOf(bytes) is > 0 and <= Padding;
    }

    public bool IsPlausible(ReadOnlySpan<byte> bytes, in RecordHeader header)
    {
        var seconds = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        var hasRoom = (bytes[TypeAt] & HasExtension) == 0 || header.Length >= FixedLength + ExtensionLength;
        return seconds is >= EarliestSecond and <= LatestSecond && TypeOf(bytes) is <= 27 && hasRoom;
    }

    public bool TryReadPacket(ReadOnlySpan<byte> record, out RecordPacket packet)
    {
        var type = TypeOf(record);
        if (LinkOf(type) == WholeRecord)
        {
            packet = new(0, record.Length, record.Length, WholeRecord, record[9] & 3);
            return HoldsPacket(type);
        }

        var at = SkipExtensions(record) + SubHeaderLength(type);
        int onWire = BinaryPrimitives.ReadUInt16BigEndian(record[14..]);
        var captured = Math.Max(0, record.Length - at);
        captured = onWire > 0 ? Math.Min(captured, onWire) : captured;
        packet = new(Math.Min(at, record.Length), captured, Math.Max(onWire, captured), LinkOf(type), record[9] & 3);
        return true;
    }

    public void AddWhole(CaptureWindow window, PacketBurst burst, ref RecordCursor cursor)
    {
    }

    public BytePattern CreatePattern(long? lastNs)
    {
        var seconds = (lastNs ?? 0) / 1_000_000_000;
        const long Year = CaptureLimits.MaxGapOverDamageNs / 1_000_000_000;
        return lastNs is null
            ? new(new ByteRange(7, (byte)(EarliestSecond >> 24), (byte)(LatestSecond >> 24)))
            : new(new ByteRange(7, (byte)(Math.Max(0, seconds - Year) >> 24),
                (byte)(Math.Min(uint.MaxValue, seconds + Year) >> 24)));
    }

    static bool IsNext(long timestampNs, long lastNs) =>
        timestampNs - lastNs is >= -MaxBackwardsNs and <= CaptureLimits.MaxGapOverDamageNs;

    static int TypeOf(ReadOnlySpan<byte> record) => record[TypeAt] & ~HasExtension;

    /// <summary>Each further header says by its first bit whether another one follows.</summary>
    static int SkipExtensions(ReadOnlySpan<byte> record)
    {
        var at = FixedLength;
        var hasMore = (record[TypeAt] & HasExtension) != 0;
        while (hasMore && at + ExtensionLength <= record.Length)
        {
            hasMore = (record[at] & HasExtension) != 0;
            at += ExtensionLength;
        }

        return at;
    }

    /// <summary>Ethernet has an offset and a pad byte; multi-channel records have a header of four bytes.</summary>
    static int SubHeaderLength(int type) => type switch
    {
        2 or 11 or 16 or 20 => 2,
        5 or 6 or 7 or 8 or 9 or 12 or 17 => 4,
        _ => 0,
    };

    static LinkType LinkOf(int type) => type switch
    {
        2 or 11 or 16 or 20 => LinkType.Ethernet,
        1 or 5 or 10 or 15 or 17 or 19 => LinkType.PppSerial,
        22 => LinkType.Ipv4,
        23 => LinkType.Ipv6,
        _ => WholeRecord,
    };

    /// <summary>Counters, metadata and padding are records without a packet.</summary>
    static bool HoldsPacket(int type) => type is not (13 or 14 or 27 or Padding);
}
