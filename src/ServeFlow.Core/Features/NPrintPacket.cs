using ServeFlow.Flows;
using ServeFlow.Packets;
using ServeFlow.Packets.Headers;

namespace ServeFlow.Features;

/// <summary>
/// Finds the headers of a packet by the rules of the nPrint 1.2.1 program, which are simpler than
/// <see cref="PacketDecoder"/>'s: IP stands behind Ethernet or begins the packet, tags and tunnels are not opened,
/// extension headers are not walked, fragments are read like whole packets, and only TCP, UDP and ICMP are kept.
/// Unlike the program, nothing is read beyond the captured bytes: what was cut off is absent.
/// </summary>
static class NPrintPacket
{
    const int EthernetLength = 14;
    const int CookedLength = 16;
    const int Ipv4Length = 20;
    const int Ipv6Length = 40;
    const int ShortLength = 8;

    /// <summary>False where nPrint prints no row for the packet.</summary>
    public static bool TryRead(in PacketSlot packet, out HeaderRecord record)
    {
        record = default;
        var bytes = packet.Bytes;
        if (packet.LinkType == LinkType.LinuxCooked)
        {
            bytes = bytes[Math.Min(CookedLength, bytes.Length)..];
        }

        // Whatever the link type says: bytes that look like Ethernet with IP are that, all others are IP at once.
        if (HasIpEtherType(bytes))
        {
            bytes = bytes[EthernetLength..];
        }

        return !bytes.IsEmpty && (bytes[0] >> 4) switch
        {
            4 => TryReadIpv4(bytes, ref record),
            6 => TryReadIpv6(bytes, ref record),
            _ => false,
        };
    }

    static bool HasIpEtherType(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= EthernetLength && (bytes[12], bytes[13]) is (0x08, 0x00) or (0x86, 0xdd);

    static bool TryReadIpv4(ReadOnlySpan<byte> bytes, ref HeaderRecord record)
    {
        if (bytes.Length < Ipv4Length)
        {
            return false;
        }

        var length = (bytes[0] & 0xf) * 4;
        record.Ipv4Length = HeaderRecorder.Copy(Truncate(bytes, length), Ipv4Fields.Layout, ref record);
        return TryReadTransport(bytes[9], bytes[Math.Min(length, bytes.Length)..], ref record);
    }

    static bool TryReadIpv6(ReadOnlySpan<byte> bytes, ref HeaderRecord record)
    {
        if (bytes.Length < Ipv6Length)
        {
            return false;
        }

        record.Ipv6Length = HeaderRecorder.Copy(bytes, Ipv6Fields.Layout, ref record);
        return TryReadTransport(bytes[6], bytes[Ipv6Length..], ref record);
    }

    static bool TryReadTransport(byte protocol, ReadOnlySpan<byte> bytes, ref HeaderRecord record)
    {
        switch (protocol)
        {
            case IpProtocol.Tcp:
                // The length stands in the 13th byte; where that was cut off, all that is left is header.
                var length = bytes.Length > 12 ? (bytes[12] >> 4) * 4 : bytes.Length;
                record.TcpLength = HeaderRecorder.Copy(Truncate(bytes, length), TcpFields.Layout, ref record);
                return true;
            case IpProtocol.Udp:
                record.UdpLength = HeaderRecorder.Copy(Truncate(bytes, ShortLength), UdpFields.Layout, ref record);
                return true;
            case IpProtocol.Icmp:
                record.IcmpLength = HeaderRecorder.Copy(Truncate(bytes, ShortLength), IcmpFields.Layout, ref record);
                return true;
            default:
                return false;
        }
    }

    static ReadOnlySpan<byte> Truncate(ReadOnlySpan<byte> bytes, int length) => bytes[..Math.Min(length, bytes.Length)];
}
