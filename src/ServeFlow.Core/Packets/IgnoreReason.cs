namespace ServeFlow.Packets;

/// <summary>
/// Tells why a received packet belongs to no flow. Each reason is counted; see <c>serveflow_packets_ignored_total</c>.
/// </summary>
public enum IgnoreReason
{
    /// <summary>The link type is none that is decoded.</summary>
    UnknownLinkType,

    /// <summary>The captured bytes end inside the link-layer header or its tags.</summary>
    LinkHeaderCut,

    /// <summary>ARP, LLDP, spanning tree and the like: no IP inside.</summary>
    NotIp,

    /// <summary>The packet has more VLAN tags or MPLS labels than any network stacks.</summary>
    TooManyTags,

    /// <summary>The IP header has another version number than 4 or 6, or than its carrier says.</summary>
    BadIpVersion,

    /// <summary>The captured bytes end inside the IP header or its extension headers.</summary>
    NetworkHeaderCut,

    /// <summary>The packet has more than 16 IPv6 extension headers.</summary>
    TooManyExtensionHeaders,

    /// <summary>The captured bytes end inside the TCP, UDP or ICMP header's fixed part.</summary>
    TransportHeaderCut,

    /// <summary>The IP header's own length leaves no room for the transport header.</summary>
    TransportHeaderShort,
}
