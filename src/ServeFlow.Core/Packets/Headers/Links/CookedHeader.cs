using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>Linux cooked capture, versions 1 and 2 (LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2 at tcpdump.org).</summary>
static class CookedHeader
{
    const int Length = 16;
    const int Length2 = 20;

    /// <summary>ETH_P_802_2: an LLC header follows.</summary>
    const int Llc = 4;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out Carrier carrier, out IgnoreReason why) =>
        TryRead(bytes, Length, 14, out carrier, out why);

    public static bool TryRead2(ReadOnlySpan<byte> bytes, out Carrier carrier, out IgnoreReason why) =>
        TryRead(bytes, Length2, 0, out carrier, out why);

    static bool TryRead(ReadOnlySpan<byte> bytes, int length, int typeAt, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length < length)
        {
            return false;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(bytes[typeAt..]);
        if (type == Llc)
        {
            return LlcHeader.TryRead(bytes, length, out carrier, out why);
        }

        // Below 0x600 lie Linux's own numbers, none of which carries IP; 0 must not become "by IP version".
        why = IgnoreReason.NotIp;
        carrier = new(length, (EtherType)type);
        return type >= 0x600;
    }
}
