namespace ServeFlow.Packets.Headers.Links;

/// <summary>Reads packets of ATM adaptation layer 5 (RFC 2684), alone or behind SunATM's four bytes.</summary>
static class AtmHeader
{
    const int SunLength = 4;
    const int SunKind = 0x0f;
    const int SunLane = 1;
    const int SunLlc = 2;

    /// <summary>LAN emulation puts the sender's number before an Ethernet frame.</summary>
    const int LaneLength = 2;

    public static bool TryReadSun(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < SunLength)
        {
            return false;
        }

        why = IgnoreReason.NotIp;
        return (bytes[offset] & SunKind) switch
        {
            SunLlc => TryRead(bytes, offset + SunLength, out carrier, out why),
            SunLane => FixedHeader.TryReadFrame(bytes, offset, SunLength + LaneLength, LinkType.Ethernet, out carrier,
                out why),
            _ => false,
        };
    }

    /// <summary>Reads LLC, or an IP packet without any header where the circuit carries nothing else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        if (LlcHeader.TryRead(bytes, offset, out carrier, out why))
        {
            return true;
        }

        carrier = new(offset, EtherType.ByIpVersion);
        return offset < bytes.Length && bytes[offset] >> 4 is 4 or 6;
    }
}
