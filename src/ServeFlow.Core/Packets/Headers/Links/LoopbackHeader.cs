using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>
/// Headers of the BSDs that name an address family: loopback (LINKTYPE_NULL in the byte order of the host that
/// captured, LINKTYPE_LOOP in network order; either is understood for both, and so is an EtherType, which some programs
/// write), the packet filter's log, IPsec's enc.
/// </summary>
static class LoopbackHeader
{
    const int Length = 4;

    /// <summary>Family, security parameter index, flags.</summary>
    const int EncapsulationLength = 12;

    /// <summary>The log's header before OpenBSD 3.4; its family is in host order.</summary>
    const int OldLogLength = 28;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryRead(bytes, offset, Length, out carrier, out why);

    public static bool TryReadEncapsulation(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => TryRead(bytes, offset, EncapsulationLength, out carrier, out why);

    public static bool TryReadOldLog(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) => TryRead(bytes, offset, OldLogLength, out carrier, out why);

    /// <summary>Reads pf's log: its own length, padded to four bytes, and the family in the second byte.</summary>
    public static bool TryReadLog(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        const int MinLength = 45;
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < MinLength || bytes[offset] < MinLength)
        {
            return false;
        }

        return TryCreate(offset + ((bytes[offset] + 3) & ~3), bytes[offset + 1], out carrier, out why);
    }

    static bool TryRead(ReadOnlySpan<byte> bytes, int offset, int length, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < length)
        {
            return false;
        }

        var family = BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
        family = family > 0xffff ? BinaryPrimitives.ReverseEndianness(family) : family;
        return TryCreate(offset + length, family, out carrier, out why);
    }

    static bool TryCreate(int offset, uint family, out Carrier carrier, out IgnoreReason why)
    {
        // AF_INET is 2 everywhere; AF_INET6 is 10 (Linux), 24 (NetBSD, OpenBSD), 28 (FreeBSD), 30 (macOS).
        why = IgnoreReason.NotIp;
        carrier = new(offset, family is 2 or (uint)EtherType.Ipv4 ? EtherType.Ipv4 : EtherType.Ipv6);
        return family is 2 or 10 or 24 or 28 or 30 or (uint)EtherType.Ipv4 or (uint)EtherType.Ipv6;
    }
}
