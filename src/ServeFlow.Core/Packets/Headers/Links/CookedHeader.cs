using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>Linux cooked capture, versions 1 and 2 (LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2 at tcpdump.org).</summary>
static class CookedHeader
{
    const int Length = 16;
    const int Length2 = 20;

    /// <summary>ETH_P_802_2: an LLC header follows.</summary>
    const int Llc = 4;

    // Kinds of interface (ARPHRD_) whose own header is not taken off, so that the protocol says nothing.
    const int FrameRelay = 770;
    const int Wifi = 801;
    const int WifiPrism = 802;
    const int WifiRadiotap = 803;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryRead(bytes, offset, Length, kindAt: 2, typeAt: 14, out carrier, out why);

    public static bool TryRead2(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryRead(bytes, offset, Length2, kindAt: 8, typeAt: 0, out carrier, out why);

    static bool TryRead(ReadOnlySpan<byte> bytes, int offset, int length, int kindAt, int typeAt, out Carrier carrier,
        out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < length)
        {
            return false;
        }

        var kind = BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + kindAt)..]);
        if (kind is FrameRelay or Wifi or WifiPrism or WifiRadiotap)
        {
            return FixedHeader.TryReadFrame(bytes, offset, length, ToLinkType(kind), out carrier, out why);
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + typeAt)..]);
        return type == Llc
            ? LlcHeader.TryRead(bytes, offset + length, out carrier, out why)
            : Carrier.TryCreate(offset + length, type, out carrier, out why);
    }

    static LinkType ToLinkType(int kind) => kind switch
    {
        FrameRelay => LinkType.FrameRelay,
        Wifi => LinkType.Wifi,
        WifiPrism => LinkType.WifiPrism,
        _ => LinkType.WifiRadiotap,
    };
}
