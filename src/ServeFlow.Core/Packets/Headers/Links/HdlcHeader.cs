namespace ServeFlow.Packets.Headers.Links;

/// <summary>Cisco HDLC (LINKTYPE_C_HDLC): address, control, EtherType.</summary>
static class HdlcHeader
{
    public const byte Unicast = 0x0f;
    public const byte Multicast = 0x8f;

    const int Length = 4;
    const int TypeAt = 2;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        FixedHeader.TryReadType(bytes, offset, Length, TypeAt, out carrier, out why);
}
