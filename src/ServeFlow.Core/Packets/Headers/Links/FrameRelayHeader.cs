using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>
/// Frame Relay (RFC 2427): an address of two to four bytes, then either 3 and a network layer number, or Cisco's
/// EtherType. Multilink Frame Relay (FRF.16) puts two bytes before it.
/// </summary>
static class FrameRelayHeader
{
    const int MaxAddressLength = 4;

    /// <summary>Specifies the bit that is set in the last byte of the address.</summary>
    const int AddressEnd = 1;

    const byte Unnumbered = 0x03;
    const byte Snap = 0x80;
    const byte Padding = 0;

    /// <summary>First and last fragment at once, which is no control message.</summary>
    const int MultilinkKind = 0xe0;
    const int WholeFragment = 0xc0;
    const int MultilinkLength = 2;

    public static bool TryReadMultilink(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < MultilinkLength)
        {
            return false;
        }

        why = IgnoreReason.NotIp;
        return (bytes[offset] & MultilinkKind) == WholeFragment &&
            TryRead(bytes, offset + MultilinkLength, out carrier, out why);
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        for (var length = 1; length <= MaxAddressLength && bytes.Length - offset >= length + 2; length++)
        {
            if ((bytes[offset + length - 1] & AddressEnd) != 0)
            {
                return length > 1 && TryFollow(bytes, offset + length, out carrier, out why);
            }
        }

        return false;
    }

    static bool TryFollow(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        if (bytes[offset] != Unnumbered)
        {
            return Carrier.TryCreate(offset + 2, BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]), out carrier,
                out why);
        }

        var at = offset + (bytes[offset + 1] == Padding ? 2 : 1);
        return at < bytes.Length && bytes[at] == Snap
            ? LlcHeader.TryReadSnap(bytes, at + 1, padding: 0, out carrier, out why)
            : LlcHeader.TryReadNumber(bytes, at, out carrier, out why);
    }
}
