using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>Reads headers that name the link type of the frame behind them: PPI (CACE) and PKTAP (Apple).</summary>
static class PerPacketHeader
{
    const int PpiLength = 8;

    /// <summary>The fields up to the link type; the header's own length, mostly 108, covers the others.</summary>
    const int PktapMinLength = 12;
    const int PktapMaxLength = 1024;

    /// <summary>PTH_TYPE_PACKET: a packet follows.</summary>
    const uint PktapPacket = 1;

    public static bool TryReadPpi(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < PpiLength)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(offset + 2)..]);
        var frame = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(offset + 4)..]);
        return length >= PpiLength && TryCreate(offset + length, frame, out carrier, out why);
    }

    /// <summary>PKTAP is in the byte order of the host that captured: its length is short in one order alone.</summary>
    public static bool TryReadPktap(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < PktapMinLength)
        {
            return false;
        }

        var header = bytes[offset..];
        var isBig = BinaryPrimitives.ReadUInt32LittleEndian(header) > PktapMaxLength;
        var length = Read32(header, isBig);
        why = IgnoreReason.NotIp;
        return length is >= PktapMinLength and <= PktapMaxLength && Read32(header[4..], isBig) == PktapPacket &&
            TryCreate(offset + (int)length, Read32(header[8..], isBig), out carrier, out why);
    }

    static bool TryCreate(int offset, uint frame, out Carrier carrier, out IgnoreReason why)
    {
        carrier = Carrier.FromFrame(offset, (LinkType)frame);
        why = IgnoreReason.UnknownLinkType;
        return frame <= ushort.MaxValue;
    }

    static uint Read32(ReadOnlySpan<byte> bytes, bool isBig) =>
        isBig ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
