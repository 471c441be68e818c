using ServeFlow.Packets.Headers.Links;
using ServeFlow.Packets.Headers.Network;

namespace ServeFlow.Packets.Headers;

/// <summary>
/// Opens what an IP packet carries. Where the inside cannot be decoded the carrier stays the packet, so that no traffic
/// disappears because of a port number. A port alone opens nothing: the tunnel's header has to agree, and so has the
/// length of the packet inside.
/// </summary>
static class Decapsulation
{
    public const int MaxDepth = 4;

    /// <summary>Ports below are servers': what goes there is no answer of a tunnel's end.</summary>
    const int MinEphemeralPort = 1024;

    const PacketOddities Implausible =
        PacketOddities.BadIpHeaderLength | PacketOddities.BadIpLength | PacketOddities.IpLengthBeyondFrame;

    public static void Decapsulate(ReadOnlySpan<byte> bytes, ref PacketHeaders headers)
    {
        while (Openers.MayBeTunnel(headers) && headers.TransportOffset != 0)
        {
            // What lies behind the carrier's own IP packet is padding, not the tunnel's.
            var end = headers.NetworkOffset + headers.IpLength;
            var inside = bytes[..Math.Min(bytes.Length, end)];
            var opener = Openers.Find(headers, out var port)!;
            if (!opener.Read(inside, headers.TransportOffset + headers.TransportLength, out var carrier, out _))
            {
                LeaveShut(opener, port, ref headers);
                return;
            }

            if (headers.TunnelDepth == MaxDepth)
            {
                headers.Oddities |= PacketOddities.TunnelTooDeep;
                return;
            }

            var inner = Enter(headers, opener.Kind);
            if (!TryReadInner(inside, end, carrier, opener, headers.Fragment, ref inner))
            {
                LeaveShut(opener, port, ref headers);
                return;
            }

            inner.Oddities |= headers.Oddities & ~PacketOddities.TrailingBytes;
            inner.Vlan = headers.Vlan;
            headers = inner;
        }
    }

    static void LeaveShut(Opener opener, ushort port, ref PacketHeaders headers)
    {
        if (opener.IsExpected &&
            (port == 0 || port == headers.DestinationPort || headers.DestinationPort >= MinEphemeralPort))
        {
            headers.Oddities |= PacketOddities.TunnelNotOpened;
            headers.ShutPort = port;
        }
    }

    static PacketHeaders Enter(in PacketHeaders outer, TunnelKind kind) => new()
    {
        TunnelDepth = (byte)(outer.TunnelDepth + 1),
        Tunnel = outer.Tunnel == TunnelKind.None ? kind : outer.Tunnel,
        Outer = outer.Outer == default ? new(outer.Source, outer.Destination, outer.SourcePort, outer.DestinationPort,
            outer.Protocol, outer.IpVersion) : outer.Outer,
    };

    static bool TryReadInner(ReadOnlySpan<byte> bytes, int wireLength, Carrier carrier, Opener opener,
        FragmentKind fragment, ref PacketHeaders inner)
    {
        if (!LinkHeaders.TrySkip(bytes, ref carrier, ref inner, out _) ||
            !NetworkLayer.TryRead(bytes, wireLength, carrier, ref inner, out _))
        {
            return false;
        }

        // The rest of the packet inside comes with the carrier's other fragments.
        inner.Oddities &= fragment == FragmentKind.First || opener.MayBeCut
            ? ~PacketOddities.IpLengthBeyondFrame
            : ~PacketOddities.None;
        return opener.Key == OpenerKey.Protocol || (inner.Oddities & Implausible) == 0;
    }
}
