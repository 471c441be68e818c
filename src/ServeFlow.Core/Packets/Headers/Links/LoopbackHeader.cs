using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>BSD loopback: the address family in the byte order of the host that captured (LINKTYPE_NULL), or in
/// network order (LINKTYPE_LOOP). Either order is understood for both.</summary>
static class LoopbackHeader
{
    const int Length = 4;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length < Length)
        {
            return false;
        }

        var family = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        family = family > 0xffff ? BinaryPrimitives.ReverseEndianness(family) : family;
        why = IgnoreReason.NotIp;
        // AF_INET is 2 everywhere; AF_INET6 is 10 (Linux), 24 (NetBSD, OpenBSD), 28 (FreeBSD), 30 (macOS).
        carrier = new(Length, family == 2 ? EtherType.Ipv4 : EtherType.Ipv6);
        return family is 2 or 10 or 24 or 28 or 30;
    }
}
