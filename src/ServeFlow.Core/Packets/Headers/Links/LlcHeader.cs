using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>802.2 logical link control: SNAP with an EtherType, or IP's own service access point.</summary>
static class LlcHeader
{
    const int Length = 3;
    const int SnapLength = 8;

    /// <summary>AA-AA-03 and the organisation 00-00-00: an EtherType follows.</summary>
    const ulong SnapOfEtherTypes = 0xaaaa_0300_0000;

    /// <summary>06-06-03: an IPv4 packet follows (RFC 948).</summary>
    const int IpAccessPoint = 0x060603;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < Length)
        {
            return false;
        }

        var llc = bytes[offset..];
        if ((llc[0] << 16 | llc[1] << 8 | llc[2]) == IpAccessPoint)
        {
            carrier = new(offset + Length, EtherType.Ipv4);
            return true;
        }

        why = IgnoreReason.NotIp;
        if (llc.Length < SnapLength || BinaryPrimitives.ReadUInt64BigEndian(llc) >> 16 != SnapOfEtherTypes)
        {
            return false;
        }

        var type = (EtherType)BinaryPrimitives.ReadUInt16BigEndian(llc[6..]);
        carrier = new(offset + SnapLength, type);
        return type != EtherType.ByIpVersion;
    }
}
