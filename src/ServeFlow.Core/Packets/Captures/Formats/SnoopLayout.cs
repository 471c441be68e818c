using System.Buffers.Binary;
using ServeFlow.Packets.Captures.Reading;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Reads the records of a snoop file (RFC 1761), as Solaris and Shomiti's Surveyor write it. All numbers are
/// big endian.</summary>
readonly struct SnoopLayout(LinkType linkType) : IRecordLayout
{
    public const int FileHeaderLength = 16;

    /// <summary>Counts the bytes behind each packet in Surveyor's files, more than snoop ever pads.</summary>
    const int SurveyorTrailer = 16;

    const uint PrivateBit = 0x80000000;

    /// <summary>Exceeds a packet with header and padding; a longer record is damage.</summary>
    const int MaxLength = CaptureLimits.MaxCapturedLength + 1024;

    /// <summary>Stands for links that are not read, and is the number of no link.</summary>
    const LinkType Unknown = (LinkType)0xffff;

    static ReadOnlySpan<byte> Magic => "snoop\0\0\0"u8;

    public int HeaderLength => 24;

    public static bool IsMagic(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Magic);

    /// <summary>Gets the version that the file's header names; 2 is snoop's, up to 5 are Surveyor's.</summary>
    public static uint ReadVersion(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt32BigEndian(header[8..]);

    /// <summary>
    /// Finds the link of all packets. Surveyor numbers links its own way, and shows by the padding of the first record.
    /// </summary>
    /// <param name="bytes">The file's header, and the first record's where there is one.</param>
    public static SnoopLayout Create(ReadOnlySpan<byte> bytes)
    {
        var network = BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);
        var record = bytes[FileHeaderLength..];
        var isSurveyor = record.Length >= 24 && BinaryPrimitives.ReadUInt32BigEndian(record[8..])
            >= 24L + BinaryPrimitives.ReadUInt32BigEndian(record[4..]) + SurveyorTrailer;
        return new(isSurveyor ? SurveyorLink(network) : SnoopLink(network));
    }

    public bool TryReadHeader(ReadOnlySpan<byte> bytes, out RecordHeader header)
    {
        var captured = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
        var seconds = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
        var microseconds = BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]);
        header = new((int)Math.Min(length, MaxLength), (seconds * 1_000_000_000L) + (microseconds * 1000L),
            microseconds >= 1_000_000);
        return captured <= CaptureLimits.MaxCapturedLength && length <= MaxLength && length >= HeaderLength + captured;
    }

    public bool IsPlausible(ReadOnlySpan<byte> bytes, in RecordHeader header)
    {
        var (original, captured) = (BinaryPrimitives.ReadUInt32BigEndian(bytes),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]));
        return captured > 0 && original >= captured && original <= CaptureLimits.MaxOriginalLength && !header.IsTimeOdd;
    }

    public bool TryReadPacket(ReadOnlySpan<byte> record, out RecordPacket packet)
    {
        var captured = BinaryPrimitives.ReadUInt32BigEndian(record[4..]);
        packet = new(HeaderLength, (int)captured,
            CaptureLimits.OriginalLength(captured, BinaryPrimitives.ReadUInt32BigEndian(record)), linkType, 0);
        return true;
    }

    public void AddWhole(CaptureWindow window, PacketBurst burst, ref RecordCursor cursor)
    {
    }

    public BytePattern CreatePattern(long? lastNs) =>
        new(new(0, 0, 1), new(4, 0, 0), new(5, 0, 4), new(8, 0, 0), new(9, 0, 4), new(20, 0, 0), new(21, 0, 15));

    /// <summary>DLPI's media types.</summary>
    static LinkType SnoopLink(uint network) => network switch
    {
        0 or 4 or 25 => LinkType.Ethernet,
        2 => (LinkType)6,
        8 => (LinkType)10,
        9 or 14 => LinkType.BsdLoopback,
        16 => (LinkType)122,
        18 => (LinkType)123,
        PrivateBit | 1 or PrivateBit | 2 or PrivateBit | 7 => LinkType.Raw,
        PrivateBit | 5 => (LinkType)226,
        _ => Unknown,
    };

    static LinkType SurveyorLink(uint network) => network switch
    {
        0 or 4 or 10 or 12 or 19 => LinkType.Ethernet,
        2 or 11 or 13 or 14 => (LinkType)6,
        8 => (LinkType)10,
        _ => Unknown,
    };
}
