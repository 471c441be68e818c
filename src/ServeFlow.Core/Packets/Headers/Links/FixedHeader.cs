using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>Link headers of a fixed length in which at most an EtherType matters, and packets without any.</summary>
static class FixedHeader
{
    public static bool TryReadIpv4(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryPass(bytes, offset, 0, EtherType.Ipv4, out carrier, out why);

    public static bool TryReadIpv6(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryPass(bytes, offset, 0, EtherType.Ipv6, out carrier, out why);

    public static bool TryReadRaw(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryPass(bytes, offset, 0, EtherType.ByIpVersion, out carrier, out why);

    /// <summary>Reads SLIP: the direction, then room for a compressed header.</summary>
    public static bool TryReadSlip(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryPass(bytes, offset, 16, EtherType.ByIpVersion, out carrier, out why);

    public static bool TryReadSlipBsdOs(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => TryPass(bytes, offset, 24, EtherType.ByIpVersion, out carrier, out why);

    public static bool TryReadIpNet(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryPass(bytes, offset, 24, EtherType.ByIpVersion, out carrier, out why);

    public static bool TryReadSymantec(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => TryReadType(bytes, offset, 44, 6, out carrier, out why);

    /// <summary>Reads IP over FireWire: two addresses of eight bytes.</summary>
    public static bool TryReadFireWire(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => TryReadType(bytes, offset, 18, 16, out carrier, out why);

    /// <summary>Reads IP over InfiniBand (RFC 4391): two addresses, EtherType, two reserved bytes.</summary>
    public static bool TryReadInfiniBand(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => TryReadType(bytes, offset, 44, 40, out carrier, out why);

    /// <summary>Reads IP over Fibre Channel (RFC 4338): a network header of 16 bytes, then LLC.</summary>
    public static bool TryReadFibreChannel(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => LlcHeader.TryRead(bytes, offset + 16, out carrier, out why);

    /// <summary>Reads a preamble of eight bytes, in which a logical link number stands.</summary>
    public static bool TryReadEpon(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        EthernetHeader.TryRead(bytes, offset + 8, out carrier, out why);

    public static bool TryReadNetAnalyzer(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => EthernetHeader.TryRead(bytes, offset + 4, out carrier, out why);

    public static bool TryReadHdlcWithDirection(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => HdlcHeader.TryRead(bytes, offset + 1, out carrier, out why);

    public static bool TryReadFrameRelayWithDirection(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => FrameRelayHeader.TryRead(bytes, offset + 1, out carrier, out why);

    /// <summary>Reads a header with an EtherType in it.</summary>
    /// <param name="length">Length of the header in bytes.</param>
    /// <param name="typeAt">Where the EtherType stands in it.</param>
    public static bool TryReadType(ReadOnlySpan<byte> bytes, int offset, int length, int typeAt, out Carrier carrier,
        out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        return bytes.Length - offset >= length && Carrier.TryCreate(offset + length,
            BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + typeAt)..]), out carrier, out why);
    }

    /// <summary>Passes a header over that a frame of a known link type follows.</summary>
    /// <param name="length">Length of the header in bytes.</param>
    public static bool TryReadFrame(ReadOnlySpan<byte> bytes, int offset, int length, LinkType frame,
        out Carrier carrier, out IgnoreReason why)
    {
        carrier = Carrier.FromFrame(offset + length, frame);
        why = IgnoreReason.LinkHeaderCut;
        return bytes.Length - offset > length;
    }

    static bool TryPass(ReadOnlySpan<byte> bytes, int offset, int length, EtherType type, out Carrier carrier,
        out IgnoreReason why)
    {
        carrier = new(offset + length, type);
        why = IgnoreReason.LinkHeaderCut;
        return bytes.Length - offset >= length;
    }
}
