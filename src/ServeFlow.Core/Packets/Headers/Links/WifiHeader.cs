namespace ServeFlow.Packets.Headers.Links;

/// <summary>802.11 data frames that are not encrypted (IEEE 802.11 section 9.3.2).</summary>
static class WifiHeader
{
    /// <summary>Frame control, duration, three addresses, sequence control.</summary>
    const int Length = 24;
    const int FourthAddressLength = 6;
    const int QosLength = 2;
    const int HighThroughputLength = 4;

    /// <summary>Two addresses and a length before each frame of an aggregate (A-MSDU).</summary>
    const int SubframeLength = 14;

    /// <summary>Mesh control: flags, time to live, sequence number, and as many addresses as the flags say.</summary>
    const int MeshLength = 6;
    const int MeshAddresses = 0x03;
    const int MeshAddressLength = 6;

    const int VersionAndType = 0x0f;
    const int Data = 0x08;
    const int WithoutData = 0x40;
    const int Qos = 0x80;
    const int BothDistributionSystems = 0x03;
    const int Protected = 0x40;
    const int Ordered = 0x80;
    const int Aggregate = 0x80;

    /// <summary>In the second byte of QoS control, which other stations use otherwise.</summary>
    const int HasMeshControl = 0x01;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryRead(bytes, offset, isPadded: false, out carrier, out why);

    /// <param name="isPadded">Whether the header was padded to a multiple of four bytes.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, bool isPadded, out Carrier carrier,
        out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        return bytes.Length - offset >= 2 &&
            TryRead(bytes, offset, bytes[offset], bytes[offset + 1], isPadded, out carrier, out why);
    }

    /// <summary>Reads a frame whose frame control may have its two bytes exchanged, as access points send it.</summary>
    public static bool TryReadEitherOrder(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why) =>
        TryRead(bytes, offset, out carrier, out why) || (bytes.Length - offset >= 2 &&
            TryRead(bytes, offset, bytes[offset + 1], bytes[offset], isPadded: false, out carrier, out why));

    static bool TryRead(ReadOnlySpan<byte> bytes, int offset, int control, int flags, bool isPadded,
        out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.NotIp;
        if ((control & VersionAndType) != Data || (control & WithoutData) != 0 || (flags & Protected) != 0)
        {
            return false;
        }

        var length = HeaderLength(control, flags);
        var end = offset + (isPadded ? (length + 3) & ~3 : length);
        end += IsAggregate(bytes, offset, control, flags) ? SubframeLength : 0;
        return LlcHeader.TryRead(bytes, end, out carrier, out why) ||
            (MayBeOfMesh(bytes, offset, control, flags) && end < bytes.Length &&
                LlcHeader.TryRead(bytes, end + MeshLength + ((bytes[end] & MeshAddresses) * MeshAddressLength),
                    out carrier, out why));
    }

    static int HeaderLength(int control, int flags) => QosAt(flags) +
        ((control & Qos) != 0 ? QosLength : 0) +
        ((control & Qos) != 0 && (flags & Ordered) != 0 ? HighThroughputLength : 0);

    static int QosAt(int flags) =>
        Length + ((flags & BothDistributionSystems) == BothDistributionSystems ? FourthAddressLength : 0);

    /// <summary>Determines whether several frames stand one behind the other; the first is read.</summary>
    static bool IsAggregate(ReadOnlySpan<byte> bytes, int offset, int control, int flags) =>
        (control & Qos) != 0 && bytes.Length - offset > QosAt(flags) && (bytes[offset + QosAt(flags)] & Aggregate) != 0;

    /// <summary>Determines whether the frame may be one of a mesh, with mesh control before its data.</summary>
    static bool MayBeOfMesh(ReadOnlySpan<byte> bytes, int offset, int control, int flags) => (control & Qos) != 0 &&
        bytes.Length - offset >= QosAt(flags) + QosLength &&
        (bytes[offset + QosAt(flags) + 1] & HasMeshControl) != 0;
}
