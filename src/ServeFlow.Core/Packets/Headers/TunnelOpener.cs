using ServeFlow.Packets.Headers.Links;
using ServeFlow.Packets.Headers.Network;
using ServeFlow.Packets.Headers.Tunnels;

namespace ServeFlow.Packets.Headers;

/// <summary>
/// Opens what an IP packet carries: GRE, IP in IP, VXLAN, GTP-U. Where the inside cannot be decoded the carrier
/// stays the packet, so that no traffic disappears because of a port number.
/// </summary>
static class TunnelOpener
{
    public const int MaxDepth = 4;

    const byte IpInIp = 4;
    const byte Ipv6InIp = 41;

    /// <summary>Cheap and mostly false: whether the headers are those of a possible tunnel.</summary>
    public static bool MayContainTunnel(in PacketHeaders headers) => headers.Protocol switch
    {
        TcpHeader.Protocol => false,
        UdpHeader.Protocol => IsPort(headers.DestinationPort) || headers.SourcePort == GtpHeader.Port,
        IpInIp or Ipv6InIp or GreHeader.Protocol => true,
        _ => false,
    };

    public static void Decapsulate(ReadOnlySpan<byte> bytes, ref PacketHeaders headers)
    {
        while (MayContainTunnel(headers))
        {
            // What lies behind the carrier's own IP packet is padding, not the tunnel's.
            var end = headers.NetworkOffset + headers.IpLength;
            var inside = bytes[..Math.Min(bytes.Length, end)];
            if (!TryFind(inside, ref headers, out var carrier, out var kind))
            {
                return;
            }

            if (headers.TunnelDepth == MaxDepth)
            {
                headers.Oddities |= PacketOddities.TunnelTooDeep;
                return;
            }

            var inner = Enter(headers, kind);
            if (!TryReadInner(inside, end, carrier, ref inner))
            {
                headers.Oddities |= PacketOddities.TunnelNotOpened;
                return;
            }

            inner.Vlan = headers.Vlan;
            headers = inner;
        }
    }

    static bool IsPort(ushort port) => port is VxlanHeader.Port or VxlanHeader.LinuxPort or GtpHeader.Port;

    static bool TryFind(ReadOnlySpan<byte> bytes, ref PacketHeaders headers, out Carrier carrier, out TunnelKind kind)
    {
        carrier = default;
        kind = TunnelKind.None;
        if (headers.TransportOffset == 0)
        {
            return false;
        }

        var payload = headers.TransportOffset + headers.TransportLength;
        switch (headers.Protocol)
        {
            case IpInIp or Ipv6InIp:
                kind = TunnelKind.IpInIp;
                carrier = new(payload, headers.Protocol == IpInIp ? EtherType.Ipv4 : EtherType.Ipv6);
                return true;
            case GreHeader.Protocol:
                kind = TunnelKind.Gre;
                var found = GreHeader.TryRead(bytes, payload, out carrier);
                headers.Oddities |= found ? 0 : PacketOddities.TunnelNotOpened;
                return found;
            default:
                return TryFindInUdp(bytes, payload, headers, out carrier, out kind);
        }
    }

    static bool TryFindInUdp(ReadOnlySpan<byte> bytes, int payload, in PacketHeaders headers, out Carrier carrier,
        out TunnelKind kind)
    {
        if (headers.DestinationPort == GtpHeader.Port || headers.SourcePort == GtpHeader.Port)
        {
            kind = TunnelKind.GtpU;
            return GtpHeader.TryRead(bytes, payload, out carrier);
        }

        kind = TunnelKind.Vxlan;
        return VxlanHeader.TryRead(bytes, payload, out carrier);
    }

    static PacketHeaders Enter(in PacketHeaders outer, TunnelKind kind) => new()
    {
        Oddities = outer.Oddities & ~PacketOddities.TrailingBytes,
        TunnelDepth = (byte)(outer.TunnelDepth + 1),
        Tunnel = outer.Tunnel == TunnelKind.None ? kind : outer.Tunnel,
        Outer = outer.Outer == default ? new(outer.Source, outer.Destination, outer.SourcePort, outer.DestinationPort,
            outer.Protocol, outer.IpVersion) : outer.Outer,
    };

    static bool TryReadInner(ReadOnlySpan<byte> bytes, int wireLength, Carrier carrier, ref PacketHeaders inner) =>
        LinkTags.TrySkip(bytes, ref carrier, ref inner, out _) &&
        NetworkLayer.TryRead(bytes, wireLength, carrier, ref inner, out _);
}
