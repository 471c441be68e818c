using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tags;

/// <summary>Tags of a fixed length in which nothing matters but what follows them.</summary>
static class PassedTag
{
    /// <summary>Cisco's VN-Tag (IEEE 802.1Qbh): direction and virtual interfaces.</summary>
    public static bool TryReadVnTag(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        EthernetHeader.TryReadType(bytes, offset + 4, out carrier, out why);

    /// <summary>E-Tag (IEEE 802.1BR): priority and extended ports.</summary>
    public static bool TryReadETag(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        EthernetHeader.TryReadType(bytes, offset + 6, out carrier, out why);

    /// <summary>HSR (IEC 62439-3) and the redundancy tag of IEEE 802.1CB: sequence numbers in four bytes.</summary>
    public static bool TryReadSequence(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => EthernetHeader.TryReadType(bytes, offset + 4, out carrier, out why);

    /// <summary>Broadcom's tag of older chips, which has an EtherType.</summary>
    public static bool TryReadBroadcom(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => EthernetHeader.TryReadType(bytes, offset + 4, out carrier, out why);

    /// <summary>Congestion notification (IEEE 802.1Qau): a flow's identifier.</summary>
    public static bool TryReadCongestion(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => EthernetHeader.TryReadType(bytes, offset + 2, out carrier, out why);

    /// <summary>Marvell's EtherType DSA inside a frame: two reserved bytes, then the tag.</summary>
    public static bool TryReadEtherDsa(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => SwitchTag.TryReadMarvell(bytes, offset + 2, out carrier, out why);

    /// <summary>Provider backbone bridging (IEEE 802.1ah): a service instance, then the customer's frame.</summary>
    public static bool TryReadBackbone(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => FixedHeader.TryReadFrame(bytes, offset, 4, LinkType.Ethernet, out carrier, out why);

    /// <summary>Cisco FabricPath: tree and hop count, then the frame that came from outside the fabric.</summary>
    public static bool TryReadFabricPath(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => FixedHeader.TryReadFrame(bytes, offset, 2, LinkType.Ethernet, out carrier, out why);

    /// <summary>Frame Relay as a type of GRE.</summary>
    public static bool TryReadFrameRelay(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => FrameRelayHeader.TryRead(bytes, offset, out carrier, out why);
}
