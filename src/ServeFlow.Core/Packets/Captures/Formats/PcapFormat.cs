using System.Buffers.Binary;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Holds what the 24-byte header of a pcap file says. Format: draft-ietf-opsawg-pcap.</summary>
readonly record struct PcapFormat(bool BigEndian, bool Nanoseconds, int RecordHeaderLength, LinkType LinkType)
{
    public const int HeaderLength = 24;

    const uint Microsecond = 0xa1b2c3d4;
    const uint Nanosecond = 0xa1b23c4d;

    /// <summary>Alexey Kuznetzov's patched libpcap: 8 more bytes (interface, protocol, packet type) a record.</summary>
    const uint Modified = 0xa1b2cd34;

    public long FractionsPerSecond => Nanoseconds ? 1_000_000_000 : 1_000_000;

    public static bool IsMagic(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 4 && (Is(BinaryPrimitives.ReadUInt32LittleEndian(bytes)) ||
                              Is(BinaryPrimitives.ReadUInt32BigEndian(bytes)));

    public static bool TryRead(ReadOnlySpan<byte> bytes, out PcapFormat format)
    {
        format = default;
        if (bytes.Length < HeaderLength || !IsMagic(bytes))
        {
            return false;
        }

        var bigEndian = Is(BinaryPrimitives.ReadUInt32BigEndian(bytes));
        var magic = ByteOrder.Read32(bytes, bigEndian);
        // The upper 16 bits tell about frame check sequences, which the IP lengths make superfluous.
        var linkType = (LinkType)(ByteOrder.Read32(bytes[20..], bigEndian) & 0xffff);
        format = new(bigEndian, magic == Nanosecond, magic == Modified ? 24 : 16, linkType);
        return true;
    }

    static bool Is(uint magic) => magic is Microsecond or Nanosecond or Modified;
}
