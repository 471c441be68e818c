using System.Runtime.CompilerServices;
using ServeFlow.Flows;
using ServeFlow.Packets;

namespace ServeFlow.Features;

/// <summary>
/// Copies a packet's headers into a <see cref="HeaderRecord"/>: all of their bytes, masked by nothing, so that one
/// record serves every schema. Of a tunnelled packet these are the innermost headers.
/// </summary>
public static class HeaderRecorder
{
    /// <param name="flowFirstNs">Time of the flow's first packet.</param>
    /// <param name="flowPreviousNs">Time of the flow's packet before this one; its own on the first.</param>
    public static void Record(in PacketSlot packet, in PacketHeaders headers, bool forward, long flowFirstNs,
        long flowPreviousNs, out HeaderRecord record)
    {
        record = default;
        record.Direction = forward ? (byte)0 : (byte)1;
        record.Size = (ushort)Math.Clamp(headers.IpLength, 0, ushort.MaxValue);
        record.InterArrivalMicroseconds = Microseconds(packet.TimestampNs - flowPreviousNs);
        record.SinceFirstMicroseconds = Microseconds(packet.TimestampNs - flowFirstNs);
        CopyHeaders(packet.Bytes, headers, ref record);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void CopyHeaders(ReadOnlySpan<byte> bytes, in PacketHeaders headers, ref HeaderRecord record)
    {
        var network = Captured(bytes, headers.NetworkOffset, headers.NetworkLength);
        if (headers.IpVersion == 4)
        {
            record.Ipv4Length = Copy(network, HeaderRecord.Ipv4Offset, HeaderRecord.Ipv6Offset, ref record);
        }
        else
        {
            record.Ipv6Length = Copy(network, HeaderRecord.Ipv6Offset, HeaderRecord.TcpOffset, ref record);
        }

        if (headers.TransportOffset == 0)
        {
            return;
        }

        var transport = Captured(bytes, headers.TransportOffset, headers.TransportLength);
        switch (headers.Protocol)
        {
            case IpProtocol.Tcp:
                record.TcpLength = Copy(transport, HeaderRecord.TcpOffset, HeaderRecord.UdpOffset, ref record);
                break;
            case IpProtocol.Udp:
                record.UdpLength = Copy(transport, HeaderRecord.UdpOffset, HeaderRecord.IcmpOffset, ref record);
                break;
            case IpProtocol.Icmp or IpProtocol.IcmpV6:
                record.IcmpLength = Copy(transport, HeaderRecord.IcmpOffset, HeaderRecord.BitsLength, ref record);
                break;
        }
    }

    /// <summary>Returns the captured part of a header: never outside the packet, whatever the offsets say.</summary>
    static ReadOnlySpan<byte> Captured(ReadOnlySpan<byte> bytes, int offset, int length)
    {
        var from = Math.Clamp(offset, 0, bytes.Length);
        return bytes.Slice(from, Math.Clamp(length, 0, bytes.Length - from));
    }

    /// <summary>Puts a header in its place, which ends where the next one's begins; returns its length.</summary>
    internal static byte Copy(ReadOnlySpan<byte> header, HeaderLayout layout, ref HeaderRecord record) =>
        Copy(header, layout.RecordOffset, layout.RecordOffset + layout.MaxLength, ref record);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static byte Copy(ReadOnlySpan<byte> header, int begin, int end, ref HeaderRecord record)
    {
        var length = Math.Min(header.Length, end - begin);
        Span<byte> bits = record.Bits;
        header[..length].CopyTo(bits[begin..]);
        return (byte)length;
    }

    /// <summary>Whole microseconds, saturating; a clock that went backwards counts as no time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Microseconds(long nanoseconds) => (uint)Math.Clamp(nanoseconds / 1000, 0, uint.MaxValue);
}
