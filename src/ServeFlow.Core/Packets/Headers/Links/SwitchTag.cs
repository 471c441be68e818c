namespace ServeFlow.Packets.Headers.Links;

/// <summary>
/// Tags that a switch chip puts into the frames between it and its processor: Marvell's DSA and EtherType DSA,
/// Broadcom's behind the addresses or before them.
/// </summary>
static class SwitchTag
{
    const int AddressesLength = 12;
    const int Length = 4;
    const int EtherDsaLength = 8;

    /// <summary>Marvell: the frame had a VLAN tag, which the switch's own has replaced.</summary>
    const int Tagged = 0x20;

    public static bool TryReadDsa(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryReadMarvell(bytes, offset + AddressesLength, out carrier, out why);

    public static bool TryReadEtherDsa(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) =>
        TryReadMarvell(bytes, offset + AddressesLength + EtherDsaLength - Length, out carrier, out why);

    public static bool TryReadBroadcom(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) =>
        EthernetHeader.TryReadType(bytes, offset + AddressesLength + Length, out carrier, out why);

    public static bool TryReadBroadcomBefore(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => EthernetHeader.TryRead(bytes, offset + Length, out carrier, out why);

    /// <summary>Reads Marvell's four bytes, which may have an EtherType before them.</summary>
    public static bool TryReadMarvell(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        if (!EthernetHeader.TryReadType(bytes, offset + Length, out carrier, out why))
        {
            return false;
        }

        var vlan = (bytes[offset] & Tagged) != 0 ? (bytes[offset + 2] & 0x0f) << 8 | bytes[offset + 3] : 0;
        carrier = carrier with { Vlan = (ushort)vlan };
        return true;
    }
}
