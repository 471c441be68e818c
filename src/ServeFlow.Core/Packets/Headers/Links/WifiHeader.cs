using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>802.11 data frames that are not encrypted (IEEE 802.11 section 9.3.2), alone or behind radiotap.</summary>
static class WifiHeader
{
    /// <summary>Frame control, duration, three addresses, sequence control.</summary>
    const int Length = 24;
    const int FourthAddressLength = 6;
    const int QosLength = 2;
    const int HighThroughputLength = 4;

    const int VersionAndType = 0x0f;
    const int Data = 0x08;
    const int WithoutData = 0x40;
    const int Qos = 0x80;
    const int BothDistributionSystems = 0x03;
    const int Protected = 0x40;
    const int Ordered = 0x80;

    const int RadiotapMinLength = 8;
    const int RadiotapFlags = 1 << 1;
    const int RadiotapClock = 1 << 0;
    const int RadiotapMorePresent = 1 << 31;
    const int RadiotapPadded = 0x20;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryRead(bytes, offset, isPadded: false, out carrier, out why);

    /// <summary>
    /// Radiotap (radiotap.org) begins with its own length, and tells of padding behind the 802.11 header.
    /// </summary>
    public static bool TryReadBehindRadiotap(ReadOnlySpan<byte> bytes, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length < RadiotapMinLength)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        return length >= RadiotapMinLength && length <= bytes.Length &&
               TryRead(bytes, length, IsPadded(bytes[..length]), out carrier, out why);
    }

    static bool TryRead(ReadOnlySpan<byte> bytes, int offset, bool isPadded, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < 2)
        {
            return false;
        }

        var control = bytes[offset];
        var flags = bytes[offset + 1];
        if ((control & VersionAndType) != Data || (control & WithoutData) != 0 || (flags & Protected) != 0)
        {
            why = IgnoreReason.NotIp;
            return false;
        }

        var length = HeaderLength(control, flags);
        return LlcHeader.TryRead(bytes, offset + (isPadded ? (length + 3) & ~3 : length), out carrier, out why);
    }

    static int HeaderLength(int control, int flags) =>
        Length + ((flags & BothDistributionSystems) == BothDistributionSystems ? FourthAddressLength : 0) +
        ((control & Qos) != 0 ? QosLength : 0) +
        ((control & Qos) != 0 && (flags & Ordered) != 0 ? HighThroughputLength : 0);

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
