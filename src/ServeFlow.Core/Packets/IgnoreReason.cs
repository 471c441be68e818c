namespace ServeFlow.Packets;

/// <summary>Why a received packet belongs to no flow. Each is counted; see <c>serveflow_packets_ignored_total</c>.</summary>
public enum IgnoreReason
{
    /// <summary>The link type is none that is decoded.</summary>
    UnknownLinkType,

    /// <summary>The captured bytes end inside the link-layer header or its tags.</summary>
    LinkHeaderCut,

    /// <summary>ARP, LLDP, spanning tree and the like: no IP inside.</summary>
    NotIp,
}
