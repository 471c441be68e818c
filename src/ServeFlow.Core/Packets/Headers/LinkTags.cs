using System.Buffers.Binary;
using ServeFlow.Packets.Headers.Links;
using ServeFlow.Packets.Headers.Tags;

namespace ServeFlow.Packets.Headers;

/// <summary>
/// Everything that may lie between a link-layer header and IP: VLAN tags, MPLS, PPPoE, a bridged frame.
/// </summary>
static class LinkTags
{
    const int VlanLength = 4;
    const int VlanIdMask = 0xfff;

    /// <summary>QinQ with MPLS or PPPoE takes three or four; twice that still is no attack on time.</summary>
    const int MaxTags = 8;

    /// <summary>Moves <paramref name="carrier"/> to the IP header.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> bytes, ref Carrier carrier, ref PacketHeaders headers,
        out IgnoreReason why)
    {
        for (var tag = 0; tag <= MaxTags; tag++)
        {
            if (carrier.EtherType is EtherType.Ipv4 or EtherType.Ipv6 or EtherType.ByIpVersion)
            {
                why = default;
                return true;
            }

            if (!TrySkipOne(bytes, ref carrier, ref headers, out why))
            {
                return false;
            }
        }

        why = IgnoreReason.TooManyTags;
        return false;
    }

    static bool TrySkipOne(ReadOnlySpan<byte> bytes, ref Carrier carrier, ref PacketHeaders headers,
        out IgnoreReason why)
    {
        switch (carrier.EtherType)
        {
            case EtherType.Vlan or EtherType.ServiceVlan or EtherType.OldServiceVlan:
                return TrySkipVlan(bytes, ref carrier, ref headers, out why);
            case EtherType.MplsUnicast or EtherType.MplsMulticast:
                return TryEnter(TunnelKind.Mpls, ref headers, out why) &&
                       MplsLabels.TryRead(bytes, carrier.Offset, out carrier, out why);
            case EtherType.PppoeSession:
                return TryEnter(TunnelKind.Pppoe, ref headers, out why) &&
                       PppoeHeader.TryRead(bytes, carrier.Offset, out carrier, out why);
            case EtherType.TransparentBridging:
                return EthernetHeader.TryRead(bytes, carrier.Offset, out carrier, out why);
            case EtherType.GrePpp:
                return PppHeader.TryRead(bytes, carrier.Offset, out carrier, out why);
            default:
                why = IgnoreReason.NotIp;
                return false;
        }
    }

    static bool TrySkipVlan(ReadOnlySpan<byte> bytes, ref Carrier carrier, ref PacketHeaders headers,
        out IgnoreReason why)
    {
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - carrier.Offset < VlanLength)
        {
            return false;
        }

        var tag = bytes[carrier.Offset..];
        if (headers.Vlan == 0)
        {
            headers.Vlan = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(tag) & VlanIdMask);
        }

        return EthernetHeader.TryReadType(bytes, carrier.Offset + 2, out carrier, out why);
    }

    static bool TryEnter(TunnelKind kind, ref PacketHeaders headers, out IgnoreReason why)
    {
        why = IgnoreReason.TooManyTags;
        if (headers.TunnelDepth == TunnelOpener.MaxDepth)
        {
            return false;
        }

        headers.TunnelDepth++;
        headers.Tunnel = headers.Tunnel == TunnelKind.None ? kind : headers.Tunnel;
        return true;
    }
}
