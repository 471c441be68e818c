using ServeFlow.Packets.Headers.Links;
using ServeFlow.Packets.Headers.Tags;

namespace ServeFlow.Packets.Headers;

/// <summary>
/// Walks over everything that lies before an IP header: the link's own header, VLAN tags, MPLS, PPPoE, frames in
/// frames.
/// </summary>
static class LinkHeaders
{
    /// <summary>
    /// A link's header and eight tags: QinQ with MPLS or PPPoE takes three or four; twice that still is no attack on
    /// time.
    /// </summary>
    const int MaxHeaders = 9;

    /// <summary>Moves <paramref name="carrier"/> to the IP header.</summary>
    public static bool TrySkip(ReadOnlySpan<byte> bytes, ref Carrier carrier, ref PacketHeaders headers,
        out IgnoreReason why)
    {
        for (var count = 0; count <= MaxHeaders; count++)
        {
            if (carrier.Offset > bytes.Length)
            {
                why = IgnoreReason.LinkHeaderCut;
                return false;
            }

            if (carrier.EtherType is EtherType.Ipv4 or EtherType.Ipv6 or EtherType.ByIpVersion)
            {
                why = default;
                return true;
            }

            if (!TrySkipOne(bytes, ref carrier, ref headers, out why))
            {
                return false;
            }

            headers.Vlan = headers.Vlan == 0 ? carrier.Vlan : headers.Vlan;
        }

        why = IgnoreReason.TooManyTags;
        return false;
    }

    static bool TrySkipOne(ReadOnlySpan<byte> bytes, ref Carrier carrier, ref PacketHeaders headers,
        out IgnoreReason why)
    {
        // Two that most packets have are not looked up.
        if (carrier.EtherType == EtherType.Vlan)
        {
            return VlanTag.TryRead(bytes, carrier.Offset, out carrier, out why);
        }

        if (carrier.EtherType == EtherType.Frame && carrier.Frame == LinkType.Ethernet)
        {
            return EthernetHeader.TryRead(bytes, carrier.Offset, out carrier, out why);
        }

        return TryOpen(bytes, ref carrier, ref headers, out why);
    }

    static bool TryOpen(ReadOnlySpan<byte> bytes, ref Carrier carrier, ref PacketHeaders headers, out IgnoreReason why)
    {
        var opener = Openers.Find(carrier);
        if (opener is null)
        {
            why = carrier.EtherType == EtherType.Frame ? IgnoreReason.UnknownLinkType : IgnoreReason.NotIp;
            return false;
        }

        why = IgnoreReason.TooManyTags;
        return (opener.Kind == TunnelKind.None || TryEnter(opener.Kind, ref headers)) &&
            opener.Read(bytes, carrier.Offset, out carrier, out why);
    }

    static bool TryEnter(TunnelKind kind, ref PacketHeaders headers)
    {
        if (headers.TunnelDepth == Decapsulation.MaxDepth)
        {
            return false;
        }

        headers.TunnelDepth++;
        headers.Tunnel = headers.Tunnel == TunnelKind.None ? kind : headers.Tunnel;
        return true;
    }
}
