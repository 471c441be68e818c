using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>
/// Passes over the headers that capture tools put before an 802.11 frame: radiotap, Prism's and its successor AVS.
/// </summary>
static class WifiCaptureHeader
{
    const int RadiotapMinLength = 8;
    const int RadiotapFlags = 1 << 1;
    const int RadiotapClock = 1 << 0;
    const int RadiotapMorePresent = 1 << 31;
    const int RadiotapPadded = 0x20;

    const int PrismLength = 144;

    /// <summary>AVS begins with 0x80211 and a version, and then says its length, both in network order.</summary>
    const uint AvsMagic = 0x8021_1000;
    const uint AvsMask = 0xffff_f000;
    const int AvsMinLength = 8;

    /// <summary>
    /// Radiotap (radiotap.org) begins with its own length, and tells of padding behind the 802.11 header.
    /// </summary>
    public static bool TryReadRadiotap(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < RadiotapMinLength)
        {
            return false;
        }

        var radiotap = bytes[offset..];
        var length = BinaryPrimitives.ReadUInt16LittleEndian(radiotap[2..]);
        return length >= RadiotapMinLength && length <= radiotap.Length &&
            WifiHeader.TryRead(bytes, offset + length, IsPadded(radiotap[..length]), out carrier, out why);
    }

    /// <summary>Reads either header: captures of the one's link type hold the other too.</summary>
    public static bool TryReadPrism(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < AvsMinLength)
        {
            return false;
        }

        var isAvs = (BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]) & AvsMask) == AvsMagic;
        var length = isAvs ? BinaryPrimitives.ReadUInt32BigEndian(bytes[(offset + 4)..]) : PrismLength;
        return length >= AvsMinLength && length <= bytes.Length - offset &&
            WifiHeader.TryRead(bytes, offset + (int)length, out carrier, out why);
    }

    /// <summary>The flags field lies behind the bit maps of what is present, and behind the clock if that is.</summary>
    static bool IsPadded(ReadOnlySpan<byte> radiotap)
    {
        var present = BinaryPrimitives.ReadInt32LittleEndian(radiotap[4..]);
        var at = RadiotapMinLength;
        for (var word = present; (word & RadiotapMorePresent) != 0 && at + 4 <= radiotap.Length; at += 4)
        {
            word = BinaryPrimitives.ReadInt32LittleEndian(radiotap[at..]);
        }

        // The clock is eight bytes, aligned to eight.
        at = (present & RadiotapClock) != 0 ? ((at + 7) & ~7) + 8 : at;
        return (present & RadiotapFlags) != 0 && at < radiotap.Length && (radiotap[at] & RadiotapPadded) != 0;
    }
}
