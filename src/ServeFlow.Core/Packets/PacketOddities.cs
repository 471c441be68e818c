namespace ServeFlow.Packets;

/// <summary>
/// Names what is odd about a packet that was decoded all the same. Oddities are no errors, but events with a name.
/// </summary>
[Flags]
public enum PacketOddities
{
    None = 0,

    /// <summary>IPv4 header length below 20 bytes; read as 20.</summary>
    BadIpHeaderLength = 1,

    /// <summary>IP length of 0, as captured before segmentation offload: the length on the wire is used.</summary>
    ZeroIpLength = 2,

    /// <summary>IPv4 total length below the header's own; the length on the wire is used.</summary>
    BadIpLength = 4,

    /// <summary>Captured bytes behind the IP packet, mostly Ethernet padding. They count as no payload.</summary>
    TrailingBytes = 8,

    /// <summary>TCP header length below 20 bytes (read as 20), or beyond the segment (cut to it).</summary>
    BadTcpHeaderLength = 16,

    /// <summary>The snap length cut the TCP options; what was captured of them is used.</summary>
    TcpOptionsCut = 32,

    /// <summary>A tunnel whose inside could not be decoded; the headers are those of the tunnel's carrier.</summary>
    TunnelNotOpened = 64,

    /// <summary>
    /// The packet has more tunnels inside each other than are opened; the headers are those of the fourth.
    /// </summary>
    TunnelTooDeep = 128,

    /// <summary>UDP length that contradicts the IP length; the IP length is used.</summary>
    BadUdpLength = 256,

    /// <summary>The IP header's own length goes beyond the frame's end on the wire; the IP length is used.</summary>
    IpLengthBeyondFrame = 512,
}
