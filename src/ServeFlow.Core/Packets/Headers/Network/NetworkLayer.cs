using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Network;

/// <summary>Reads the IP header of a packet, and through it the transport header.</summary>
static class NetworkLayer
{
    /// <param name="bytes">The captured packet, without what is known to lie behind it.</param>
    /// <param name="wireLength">Its length before the snap length cut it.</param>
    /// <param name="carrier">Where the IP header begins, and which version is promised.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int wireLength, Carrier carrier, ref PacketHeaders headers,
        out IgnoreReason why)
    {
        var isIpv6 = carrier.EtherType == EtherType.Ipv6;
        if (carrier.EtherType == EtherType.ByIpVersion)
        {
            // A missing byte goes to IPv4, which says that it is missing.
            isIpv6 = carrier.Offset < bytes.Length && bytes[carrier.Offset] >> 4 == 6;
        }

        headers.NetworkOffset = carrier.Offset;
        return isIpv6
            ? TryReadIpv6(bytes, wireLength, carrier.Offset, ref headers, out why)
            : TryReadIpv4(bytes, wireLength, carrier.Offset, ref headers, out why);
    }

    static bool TryReadIpv4(ReadOnlySpan<byte> bytes, int wireLength, int offset, ref PacketHeaders headers,
        out IgnoreReason why)
    {
        why = IgnoreReason.NetworkHeaderCut;
        if (!Ipv4Header.TryRead(bytes[offset..], out var ip))
        {
            return false;
        }

        if (ip.Version != 4)
        {
            why = IgnoreReason.BadIpVersion;
            return false;
        }

        var length = UsableLength(ip, ref headers);
        headers.IpVersion = 4;
        headers.Source = IpAddress.FromIpv4(ip.Source);
        headers.Destination = IpAddress.FromIpv4(ip.Destination);
        headers.Protocol = ip.Protocol;
        headers.NetworkLength = length;
        headers.IpLength = PacketLength(ip, length, wireLength - offset, ref headers);
        headers.Oddities |= offset + headers.IpLength > wireLength ? PacketOddities.IpLengthBeyondFrame : 0;
        headers.Fragment = ip.Fragment;
        var end = offset + length;
        if (headers.Protocol == AuthenticationHeader.Protocol && !headers.IsLaterFragment)
        {
            AuthenticationHeader.Skip(bytes, ref end, ref headers.Protocol);
        }

        return bytes.Length - offset >= length && TransportLayer.TryRead(bytes, end, ref headers, out why);
    }

    static bool TryReadIpv6(ReadOnlySpan<byte> bytes, int wireLength, int offset, ref PacketHeaders headers,
        out IgnoreReason why)
    {
        why = IgnoreReason.NetworkHeaderCut;
        if (!Ipv6Header.TryRead(bytes[offset..], out var ip))
        {
            return false;
        }

        if (ip.Version != 6)
        {
            why = IgnoreReason.BadIpVersion;
            return false;
        }

        headers.IpVersion = 6;
        headers.Source = ip.Source;
        headers.Destination = ip.Destination;
        headers.NetworkLength = Ipv6Header.Length;
        headers.IpLength = PacketLength(ip, wireLength - offset, ref headers);
        headers.Oddities |= offset + headers.IpLength > wireLength ? PacketOddities.IpLengthBeyondFrame : 0;
        if (!Ipv6Extensions.TryRead(bytes, offset + Ipv6Header.Length, ip.NextHeader, out var extensions, out why))
        {
            return false;
        }

        headers.Protocol = extensions.Protocol;
        headers.Fragment = extensions.FragmentKind;
        return TransportLayer.TryRead(bytes, extensions.Offset, ref headers, out why);
    }

    static int UsableLength(in Ipv4Header ip, ref PacketHeaders headers)
    {
        if (ip.Length >= Ipv4Header.MinLength)
        {
            return ip.Length;
        }

        headers.Oddities |= PacketOddities.BadIpHeaderLength;
        return Ipv4Header.MinLength;
    }

    static int PacketLength(in Ipv4Header ip, int headerLength, int onWire, ref PacketHeaders headers)
    {
        if (ip.TotalLength >= headerLength)
        {
            return ip.TotalLength;
        }

        headers.Oddities |= ip.TotalLength == 0 ? PacketOddities.ZeroIpLength : PacketOddities.BadIpLength;
        return Math.Max(onWire, headerLength);
    }

    static int PacketLength(in Ipv6Header ip, int onWire, ref PacketHeaders headers)
    {
        // 59 is "no next header": then a payload of 0 bytes is meant.
        if (ip.PayloadLength != 0 || ip.NextHeader == 59 || onWire <= Ipv6Header.Length)
        {
            return Ipv6Header.Length + ip.PayloadLength;
        }

        // Jumbograms (RFC 2675) say 0 as well.
        headers.Oddities |= PacketOddities.ZeroIpLength;
        return onWire;
    }
}
