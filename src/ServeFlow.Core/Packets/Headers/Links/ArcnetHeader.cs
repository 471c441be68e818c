namespace ServeFlow.Packets.Headers.Links;

/// <summary>ARCNET with IP as RFC 1201 (fragments) or RFC 1051 (none) puts it there.</summary>
static class ArcnetHeader
{
    /// <summary>Two addresses, which are a byte each.</summary>
    const int AddressesLength = 2;

    /// <summary>Linux keeps the packet's place in the card's memory between the addresses and the type.</summary>
    const int LinuxPlaceLength = 2;

    const byte OldIpv4 = 240;
    const byte Ipv4 = 212;
    const byte Ipv6 = 196;

    /// <summary>Type, split flag, sequence number.</summary>
    const int FragmentLength = 4;

    /// <summary>A split flag of 255 begins four bytes of padding, behind which flag and number stand again.</summary>
    const byte Exception = 0xff;
    const int ExceptionLength = 4;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryReadType(bytes, offset + AddressesLength, out carrier, out why);

    public static bool TryReadLinux(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why) =>
        TryReadType(bytes, offset + AddressesLength + LinuxPlaceLength, out carrier, out why);

    static bool TryReadType(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < FragmentLength + ExceptionLength)
        {
            return false;
        }

        var type = bytes[offset];
        if (type == OldIpv4)
        {
            carrier = new(offset + 1, EtherType.Ipv4);
            return true;
        }

        offset += bytes[offset + 1] == Exception ? ExceptionLength : 0;
        var split = bytes[offset + 1];
        why = IgnoreReason.NotIp;
        carrier = new(offset + FragmentLength, type == Ipv4 ? EtherType.Ipv4 : EtherType.Ipv6);

        // 0 is a whole packet, an odd number the first of several; an even one is a later fragment.
        return type is Ipv4 or Ipv6 && (split == 0 || (split & 1) != 0);
    }
}
