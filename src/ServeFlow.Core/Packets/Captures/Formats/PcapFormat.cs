using System.Buffers.Binary;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Tells in which order a record's header has the captured length and the one on the wire.</summary>
enum PcapLengths
{
    CapturedFirst,

    /// <summary>The length on the wire stands first: before version 2.3, and in DG/UX's 543.0.</summary>
    OriginalFirst,

    /// <summary>Version 2.3 was written in either order; the captured length is the smaller one.</summary>
    SmallerIsCaptured,
}

/// <summary>Holds what the header of a pcap file says. Format: draft-ietf-opsawg-pcap.</summary>
readonly record struct PcapFormat(bool BigEndian, bool Nanoseconds, int RecordHeaderLength, LinkType LinkType)
{
    public const int MinLength = 24;

    const uint Microsecond = 0xa1b2c3d4;
    const uint Nanosecond = 0xa1b23c4d;

    /// <summary>Alexey Kuznetzov's patched libpcap: 8 more bytes (interface, protocol, packet type) a record.</summary>
    const uint Modified = 0xa1b2cd34;

    /// <summary>Ixia's captures: the length of all records stands behind the header.</summary>
    const uint IxiaHardware = 0x1c0001ac;
    const uint IxiaSoftware = 0x1c0001ab;

    /// <summary>Specifies the bits of the link type field that libpcap reserves, and refuses where they are
    /// set.</summary>
    const uint ReservedLinkBits = 0x03ff0000;

    const int PlainRecord = 16;
    const int ModifiedRecord = 24;

    public uint Magic { get; private init; }

    public ushort Major { get; private init; }

    public ushort Minor { get; private init; }

    /// <summary>Gets the link type field as written; its upper half tells about frame check sequences.</summary>
    public uint LinkField { get; private init; }

    public uint SnapLength { get; private init; }

    public PcapLengths Lengths { get; private init; }

    /// <summary>Gets the number of bytes before each packet that are no part of it: AIX aligns FDDI frames.</summary>
    public int Padding { get; private init; }

    public int HeaderLength => Magic is IxiaHardware or IxiaSoftware ? MinLength + 4 : MinLength;

    public long FractionsPerSecond => Nanoseconds ? 1_000_000_000 : 1_000_000;

    /// <summary>Gets the record header lengths that such files come in, the usual one first.</summary>
    public int[] RecordHeaderLengths => (Magic, Lengths) switch
    {
        (Microsecond, PcapLengths.CapturedFirst) => [PlainRecord, ModifiedRecord, PcapVariant.Nokia],
        (Modified, PcapLengths.CapturedFirst) => [ModifiedRecord, PcapVariant.Suse],
        _ => [RecordHeaderLength],
    };

    public static bool IsMagic(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 4 && (Is(BinaryPrimitives.ReadUInt32LittleEndian(bytes)) ||
                              Is(BinaryPrimitives.ReadUInt32BigEndian(bytes)));

    public static bool TryRead(ReadOnlySpan<byte> bytes, out PcapFormat format)
    {
        format = default;
        if (bytes.Length < MinLength || !IsMagic(bytes))
        {
            return false;
        }

        var bigEndian = Is(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        var magic = ByteOrder.Read32(bytes, bigEndian);
        var link = ByteOrder.Read32(bytes[20..], bigEndian);
        format = new(bigEndian, magic is Nanosecond or IxiaHardware, magic == Modified ? ModifiedRecord : PlainRecord,
            (LinkType)(link & 0xffff))
        {
            Magic = magic,
            Major = ByteOrder.Read16(bytes[4..], bigEndian),
            Minor = ByteOrder.Read16(bytes[6..], bigEndian),
            SnapLength = ByteOrder.Read32(bytes[16..], bigEndian),
            LinkField = link,
        };
        format = format with { Lengths = LengthsOf(format.Major, format.Minor) };
        format = magic == Microsecond && (format.Major, format.Minor) == (2, 2) ? AixOrOld(format) : format;
        return true;
    }

    /// <summary>Says why libpcap refuses the file; null where it reads it.</summary>
    public string? FindObjection() => (Major, Minor) is not ((2, <= 4) or (543, 0))
        ? $"pcap version {Major}.{Minor} is not read; versions 2.0 to 2.4 are: write it again with a current tool"
        : (LinkField & ReservedLinkBits) != 0
            ? $"reserved bits of its link type are set (0x{LinkField:x8}): the file header is broken, capture it again"
            : null;

    static PcapLengths LengthsOf(int major, int minor) => (major, minor) switch
    {
        (543, _) or (2, < 3) => PcapLengths.OriginalFirst,
        (2, 3) => PcapLengths.SmallerIsCaptured,
        _ => PcapLengths.CapturedFirst,
    };

    /// <summary>
    /// AIX writes version 2.2 too, with nanoseconds and with numbers of RFC 1573 for links, which stand for links in
    /// pcap that files of that age hardly have.
    /// </summary>
    static PcapFormat AixOrOld(PcapFormat format) => format.LinkField switch
    {
        6 => format with { Nanoseconds = true, LinkType = LinkType.Ethernet },
        9 => format with { Nanoseconds = true, LinkType = (LinkType)6 },
        15 => format with { Nanoseconds = true, LinkType = (LinkType)10, Padding = 3 },
        24 => format with { Nanoseconds = true, LinkType = LinkType.BsdLoopback },
        _ => format,
    };

    static bool Is(uint magic) => magic is Microsecond or Nanosecond or Modified or IxiaHardware or IxiaSoftware;
}
