using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using ServeFlow.Packets.Headers.Links;
using ServeFlow.Packets.Headers.Network;

namespace ServeFlow.Packets.Headers;

/// <summary>
/// Nearly all traffic, decoded without detours: Ethernet, IPv4 without options or IPv6 without extension headers,
/// and a whole TCP or UDP header that agrees with them. Whatever is otherwise is left to the general decoder, which
/// gives the same headers for these packets too (tested).
/// </summary>
static class PlainPacket
{
    const int TypeOffset = 12;
    const int NetworkOffset = 14;
    const ushort Ipv4 = (ushort)EtherType.Ipv4;
    const ushort Ipv6 = (ushort)EtherType.Ipv6;

    /// <summary>Version 4, header of 20 bytes.</summary>
    const byte Ipv4WithoutOptions = 0x45;

    const int MinIpv4Length = NetworkOffset + Ipv4Header.MinLength + UdpHeader.Size;
    const int MinIpv6Length = NetworkOffset + Ipv6Header.Length + UdpHeader.Size;

    /// <summary>Reads a packet that begins with an Ethernet header; false where it is not a plain one.</summary>
    /// <param name="wireLength">The packet's length before the snap length cut it.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int wireLength, out PacketHeaders headers)
    {
        headers = default;
        if (bytes.Length < MinIpv4Length)
        {
            return false;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(bytes[TypeOffset..]);
        return type == Ipv4
            ? TryReadIpv4(bytes, wireLength, ref headers)
            : type == Ipv6 && TryReadIpv6(bytes, wireLength, ref headers);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryReadIpv4(ReadOnlySpan<byte> bytes, int wireLength, ref PacketHeaders headers)
    {
        if (!Ipv4Header.TryRead(bytes[NetworkOffset..], out var ip)
            || bytes[NetworkOffset] != Ipv4WithoutOptions || ip.IsFragment)
        {
            return false;
        }

        headers.IpVersion = 4;
        headers.Source = IpAddress.FromIpv4(ip.Source);
        headers.Destination = IpAddress.FromIpv4(ip.Destination);
        headers.Protocol = ip.Protocol;
        headers.NetworkOffset = NetworkOffset;
        headers.NetworkLength = Ipv4Header.MinLength;
        headers.IpLength = ip.TotalLength;
        return TryReadTransport(bytes, wireLength, NetworkOffset + Ipv4Header.MinLength, ref headers);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    static bool TryReadIpv6(ReadOnlySpan<byte> bytes, int wireLength, ref PacketHeaders headers)
    {
        if (bytes.Length < MinIpv6Length || !Ipv6Header.TryRead(bytes[NetworkOffset..], out var ip) || ip.Version != 6)
        {
            return false;
        }

        headers.IpVersion = 6;
        headers.Source = ip.Source;
        headers.Destination = ip.Destination;
        headers.Protocol = ip.NextHeader;
        headers.NetworkOffset = NetworkOffset;
        headers.NetworkLength = Ipv6Header.Length;
        headers.IpLength = Ipv6Header.Length + ip.PayloadLength;
        return TryReadTransport(bytes, wireLength, NetworkOffset + Ipv6Header.Length, ref headers);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryReadTransport(ReadOnlySpan<byte> bytes, int wireLength, int offset, ref PacketHeaders headers)
    {
        var end = NetworkOffset + headers.IpLength;
        headers.Oddities = bytes.Length == end ? PacketOddities.None : Compare(bytes.Length, wireLength, end);
        headers.TransportOffset = offset;
        headers.PayloadLength = end - offset;
        var captured = Math.Min(end, bytes.Length) - offset;
        return headers.Protocol == TcpHeader.Protocol
            ? TryReadTcp(bytes[offset..], captured, ref headers)
            : headers.Protocol == UdpHeader.Protocol && TryReadUdp(bytes[offset..], captured, ref headers);
    }

    /// <summary>Names what is odd where the IP packet does not end with the captured bytes.</summary>
    static PacketOddities Compare(int captured, int wireLength, int end) =>
        (captured > end ? PacketOddities.TrailingBytes : 0) |
        (end > wireLength ? PacketOddities.IpLengthBeyondFrame : 0);

    /// <param name="captured">Bytes of the segment that were captured and are the IP packet's.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryReadTcp(ReadOnlySpan<byte> segment, int captured, ref PacketHeaders headers)
    {
        if (captured < TcpHeader.MinLength || !TcpHeader.TryRead(segment, out var tcp)
            || tcp.Length < TcpHeader.MinLength || tcp.Length > captured)
        {
            return false;
        }

        headers.SourcePort = tcp.SourcePort;
        headers.DestinationPort = tcp.DestinationPort;
        headers.TcpSequence = tcp.Sequence;
        headers.TcpAcknowledgement = tcp.Acknowledgement;
        headers.TcpFlags = tcp.Flags;
        headers.TransportLength = tcp.Length;
        headers.PayloadLength -= tcp.Length;
        return true;
    }

    /// <inheritdoc cref="TryReadTcp"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryReadUdp(ReadOnlySpan<byte> segment, int captured, ref PacketHeaders headers)
    {
        if (captured < UdpHeader.Size || !UdpHeader.TryRead(segment, out var udp))
        {
            return false;
        }

        headers.SourcePort = udp.SourcePort;
        headers.DestinationPort = udp.DestinationPort;
        headers.TransportLength = UdpHeader.Size;
        headers.Oddities |= udp.Length != headers.PayloadLength ? PacketOddities.BadUdpLength : 0;
        headers.PayloadLength -= UdpHeader.Size;
        return !Openers.MayBeTunnel(headers);
    }
}
