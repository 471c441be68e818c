namespace ServeFlow.Packets;

/// <summary>
/// Holds what decoding a packet found: where its headers lie inside the captured bytes, and the fields that flows need.
/// Of a tunnelled packet these are the innermost headers; <see cref="Outer"/> keeps the outermost addresses. Lengths
/// are of what was captured, so slicing by them never leaves the packet.
/// </summary>
public struct PacketHeaders
{
    public IpAddress Source;
    public IpAddress Destination;

    /// <summary>TCP, UDP or SCTP port; for ICMP and ICMPv6 the type (source) and code (destination); else 0.</summary>
    public ushort SourcePort;

    /// <inheritdoc cref="SourcePort"/>
    public ushort DestinationPort;

    /// <summary>IANA protocol number of the transport header.</summary>
    public byte Protocol;

    /// <summary>4 or 6.</summary>
    public byte IpVersion;

    /// <summary>Outermost VLAN id, 0 where untagged.</summary>
    public ushort Vlan;

    /// <summary>Holds the offset of the IP header.</summary>
    public int NetworkOffset;

    /// <summary>IPv4: header with options (20–60). IPv6: 40, without extension headers.</summary>
    public int NetworkLength;

    /// <summary>Holds the offset of the transport header; 0 where there is none (later fragment, cut off).</summary>
    public int TransportOffset;

    /// <summary>
    /// TCP: header with the options that were captured (20–60). UDP: 8. ICMP and ICMPv6: 8, or what there is of it
    /// (4–7). Otherwise 0.
    /// </summary>
    public int TransportLength;

    /// <summary>Holds the length of the IP packet by its own header, in bytes; what Zeek calls ip_bytes.</summary>
    public int IpLength;

    /// <summary>Holds the transport payload by the IP header's length, in bytes, whether captured or not.</summary>
    public int PayloadLength;

    /// <summary>TCP's sequence number; of another protocol's packet it holds <see cref="ShutPort"/>.</summary>
    public uint TcpSequence;

    public uint TcpAcknowledgement;

    /// <summary>CWR ECE URG ACK PSH RST SYN FIN, as on the wire.</summary>
    public byte TcpFlags;

    /// <summary>Tells which part of a fragmented IP packet this is.</summary>
    public FragmentKind Fragment;

    /// <summary>Holds the number of tunnels that were opened, 0–4.</summary>
    public byte TunnelDepth;

    /// <summary>Holds the kind of the outermost tunnel.</summary>
    public TunnelKind Tunnel;

    /// <summary>Holds what is odd about the packet although it was decoded.</summary>
    public PacketOddities Oddities;

    /// <summary>Outermost addresses and ports of a tunnelled packet.</summary>
    public OuterTuple Outer;

    /// <summary>
    /// Gets or sets, where <see cref="PacketOddities.TunnelNotOpened"/> is set, the UDP port that the tunnel was
    /// recognised by; 0 where it was the protocol.
    /// </summary>
    public ushort ShutPort
    {
        readonly get => (ushort)TcpSequence;
        set => TcpSequence = value;
    }

    /// <summary>Gets whether this is a fragment other than the first: it has no ports and belongs to no flow.</summary>
    public readonly bool IsLaterFragment => Fragment == FragmentKind.Later;
}

/// <summary>Names the parts of a fragmented IP packet.</summary>
public enum FragmentKind : byte { None, First, Later }

/// <summary>Names the tunnels that are opened.</summary>
public enum TunnelKind : byte
{
    None, Gre, Vxlan, GtpU, IpInIp, Pppoe, Mpls, Geneve, Teredo, Capwap, Lwapp, Lisp, Ayiya, L2tp, EtherIp, PimRegister,
    Tzsp, Gue, Amt, MobileIp, Ethernet, Mirror,
}

/// <summary>Represents the outermost five-tuple of a tunnelled packet.</summary>
public record struct OuterTuple(IpAddress Source, IpAddress Destination, ushort SourcePort, ushort DestinationPort,
    byte Protocol, byte IpVersion);
