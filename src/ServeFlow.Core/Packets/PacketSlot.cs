using System.Runtime.CompilerServices;

namespace ServeFlow.Packets;

/// <summary>
/// Holds one captured packet, borrowed: the bytes belong to the source and stay valid until its next
/// <see cref="IPacketSource.Poll"/>. Keeping them is an explicit copy of <see cref="Bytes"/>.
/// </summary>
public readonly unsafe struct PacketSlot(byte* data, int capturedLength, int originalLength, long timestampNs,
    LinkType linkType, int interfaceIndex, long number)
{
    readonly byte* data = data;

    /// <summary>Holds the number of bytes on the wire, before the snap length cut them.</summary>
    public readonly int OriginalLength = originalLength;

    /// <summary>Capture time, nanoseconds since the Unix epoch.</summary>
    public readonly long TimestampNs = timestampNs;

    public readonly LinkType LinkType = linkType;

    /// <summary>Holds the index of the capture interface inside its source.</summary>
    public readonly int InterfaceIndex = interfaceIndex;

    /// <summary>
    /// Position in its capture, from 1, as Wireshark and tcpdump count; 0 where several captures are read at once.
    /// </summary>
    public readonly long Number = number;

    /// <summary>Time has come so far, though this source has no packet to show for it.</summary>
    public static PacketSlot Tick(long timestampNs) => new(null, 0, 0, timestampNs, default, 0, 0);

    /// <summary>No packet: it only moves time.</summary>
    public bool IsTick => data == null;

    /// <summary>The same packet at a later time.</summary>
    public PacketSlot Delay(long ns) =>
        new(data, CapturedLength, OriginalLength, TimestampNs + ns, LinkType, InterfaceIndex, Number);

    /// <summary>The same packet at another time.</summary>
    internal PacketSlot WithTime(long timestampNs) =>
        new(data, CapturedLength, OriginalLength, timestampNs, LinkType, InterfaceIndex, Number);

    /// <summary>The same packet without its position, where that would be one of several captures'.</summary>
    internal PacketSlot WithoutNumber() =>
        new(data, CapturedLength, OriginalLength, TimestampNs, LinkType, InterfaceIndex, 0);

    /// <summary>The same packet, whose bytes now lie elsewhere.</summary>
    internal PacketSlot WithBytesAt(byte* to) =>
        new(to, CapturedLength, OriginalLength, TimestampNs, LinkType, InterfaceIndex, Number);

    /// <summary>Gets the captured bytes, from the link-layer header on.</summary>
    public ReadOnlySpan<byte> Bytes => new(data, CapturedLength);

    public readonly int CapturedLength = capturedLength;

    /// <summary>Asks for the memory in which the headers of a usual packet lie: its first 128 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Prefetch()
    {
        CacheLine.Prefetch(data);
        CacheLine.Prefetch(data + CacheLine.Size);
    }
}
