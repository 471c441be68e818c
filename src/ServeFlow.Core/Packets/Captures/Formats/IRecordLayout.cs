using ServeFlow.Packets.Captures.Reading;

namespace ServeFlow.Packets.Captures.Formats;

/// <summary>Describes a format whose file is a row of records: a header of fixed length, then the packet.</summary>
interface IRecordLayout
{
    /// <summary>Gets the bytes that tell how long a record is.</summary>
    int HeaderLength { get; }

    /// <summary>Reads a header; false where no record can have these lengths.</summary>
    /// <param name="bytes">At least <see cref="HeaderLength"/> bytes.</param>
    bool TryReadHeader(ReadOnlySpan<byte> bytes, out RecordHeader header);

    /// <summary>The stricter test while searching: nothing about the header may be odd.</summary>
    bool IsPlausible(ReadOnlySpan<byte> bytes, in RecordHeader header);

    /// <summary>Finds the packet in a whole record; false where the record holds none.</summary>
    bool TryReadPacket(ReadOnlySpan<byte> record, out RecordPacket packet);

    /// <summary>
    /// Adds the records that lie whole and sound in the window, which is nearly all, as fast as it goes. Stops at the
    /// first that needs more thought, or at once.
    /// </summary>
    void AddWhole(CaptureWindow window, PacketBurst burst, ref RecordCursor cursor);

    /// <summary>Creates what rules places out when the next record is searched.</summary>
    /// <param name="lastNs">Time of the last record; null where there is none.</param>
    BytePattern CreatePattern(long? lastNs);
}

/// <summary>Holds what a record's header says.</summary>
/// <param name="Length">Bytes of the whole record, header included.</param>
/// <param name="TimestampNs">Capture time, nanoseconds since the epoch.</param>
/// <param name="IsTimeOdd">Whether the time has a fraction of a second or more.</param>
readonly record struct RecordHeader(int Length, long TimestampNs, bool IsTimeOdd);

/// <summary>Locates the packet in its record.</summary>
/// <param name="DataAt">Offset of the packet's first byte in the record.</param>
/// <param name="Captured">Bytes of the packet in the record.</param>
/// <param name="Original">Bytes of the packet on the wire.</param>
readonly record struct RecordPacket(int DataAt, int Captured, int Original, LinkType LinkType, int Interface);

/// <summary>Holds how far records have been read.</summary>
/// <param name="Number">Packets so far.</param>
/// <param name="LastNs">Time of the last record that held a byte; null before the first.</param>
record struct RecordCursor(long Number, long? LastNs);
