using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Network;

/// <summary>
/// The transport header of an IP packet. The IP header's length bounds it: padding behind is not read.
/// </summary>
static class TransportLayer
{
    const byte SctpProtocol = 132;
    const int PortsLength = 4;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, ref PacketHeaders headers, out IgnoreReason why)
    {
        var end = headers.NetworkOffset + headers.IpLength;
        if (bytes.Length > end)
        {
            headers.Oddities |= PacketOddities.TrailingBytes;
        }

        why = default;
        headers.PayloadLength = Math.Max(0, end - offset);
        if (headers.IsLaterFragment)
        {
            return true;
        }

        var capturedEnd = Math.Min(end, bytes.Length);
        var segment = offset < capturedEnd ? bytes[offset..capturedEnd] : default;
        headers.TransportOffset = segment.IsEmpty ? 0 : offset;
        var needed = headers.Protocol switch
        {
            TcpHeader.Protocol => ReadTcp(segment, ref headers),
            UdpHeader.Protocol => ReadUdp(segment, ref headers),
            IcmpHeader.Protocol or IcmpHeader.Protocol6 => ReadIcmp(segment, ref headers),
            SctpProtocol => ReadSctp(segment, ref headers),
            _ => 0,
        };
        why = end - offset < needed ? IgnoreReason.TransportHeaderShort : IgnoreReason.TransportHeaderCut;
        return segment.Length >= needed;
    }

    /// <summary>
    /// Ports alone, for the flow's five-tuple: they stand where UDP's do (RFC 9260). Nothing has to be there.
    /// </summary>
    static int ReadSctp(ReadOnlySpan<byte> segment, ref PacketHeaders headers)
    {
        ReadPorts(segment, ref headers);
        return 0;
    }

    static void ReadPorts(ReadOnlySpan<byte> segment, ref PacketHeaders headers)
    {
        if (segment.Length >= PortsLength)
        {
            headers.SourcePort = BinaryPrimitives.ReadUInt16BigEndian(segment);
            headers.DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(segment[2..]);
        }
    }

    /// <summary>Returns the bytes that had to be there; the caller compares.</summary>
    static int ReadTcp(ReadOnlySpan<byte> segment, ref PacketHeaders headers)
    {
        if (TcpHeader.TryRead(segment, out var tcp))
        {
            headers.SourcePort = tcp.SourcePort;
            headers.DestinationPort = tcp.DestinationPort;
            headers.TcpSequence = tcp.Sequence;
            headers.TcpAcknowledgement = tcp.Acknowledgement;
            headers.TcpFlags = tcp.Flags;
            var length = UsableLength(tcp, ref headers);
            headers.PayloadLength -= length;
            headers.TransportLength = Math.Min(length, segment.Length);
            headers.Oddities |= length > segment.Length ? PacketOddities.TcpOptionsCut : 0;
        }

        return NeededOfTcp(segment, ref headers);
    }

    /// <summary>
    /// Returns the whole header's length, or less of a first fragment that ends inside it: the ports are enough then,
    /// and nothing is payload.
    /// </summary>
    static int NeededOfTcp(ReadOnlySpan<byte> segment, ref PacketHeaders headers)
    {
        if (headers.Fragment != FragmentKind.First || headers.TransportLength != 0 ||
            headers.PayloadLength >= TcpHeader.MinLength)
        {
            return TcpHeader.MinLength;
        }

        ReadPorts(segment, ref headers);
        headers.PayloadLength = 0;
        return PortsLength;
    }

    static int UsableLength(in TcpHeader tcp, ref PacketHeaders headers)
    {
        var usable = Math.Clamp(tcp.Length, TcpHeader.MinLength, headers.PayloadLength);
        headers.Oddities |= usable != tcp.Length ? PacketOddities.BadTcpHeaderLength : 0;
        return usable;
    }

    static int ReadUdp(ReadOnlySpan<byte> segment, ref PacketHeaders headers)
    {
        if (UdpHeader.TryRead(segment, out var udp))
        {
            headers.SourcePort = udp.SourcePort;
            headers.DestinationPort = udp.DestinationPort;
            headers.TransportLength = UdpHeader.Size;
            // The first fragment's is the length of all of them.
            headers.Oddities |= udp.Length != headers.PayloadLength && headers.Fragment != FragmentKind.First
                ? PacketOddities.BadUdpLength
                : 0;
            headers.PayloadLength -= UdpHeader.Size;
        }

        return UdpHeader.Size;
    }

    static int ReadIcmp(ReadOnlySpan<byte> segment, ref PacketHeaders headers)
    {
        if (IcmpHeader.TryRead(segment, out var icmp))
        {
            headers.SourcePort = icmp.Type;
            headers.DestinationPort = icmp.Code;
            headers.TransportLength = Math.Min(IcmpHeader.Size, segment.Length);
            headers.PayloadLength = Math.Max(0, headers.PayloadLength - IcmpHeader.Size);
        }

        return IcmpHeader.MinLength;
    }
}
