namespace ServeFlow.Packets.Headers.Links;

/// <summary>
/// AX.25 of packet radio: addresses of seven bytes, the last of which is marked, control, and a number for what
/// follows. KISS puts a byte before it.
/// </summary>
static class Ax25Header
{
    const int AddressLength = 7;

    /// <summary>Destination, source and up to eight repeaters.</summary>
    const int MaxAddresses = 10;

    /// <summary>Specifies the bit that is set in the last byte of the last address.</summary>
    const int AddressEnd = 1;

    /// <summary>
    /// Frames with data: numbered ones have the last bit clear, unnumbered ones are 3 without the poll bit.
    /// </summary>
    const int NotNumbered = 0x01;
    const int Unnumbered = 0x03;
    const int Poll = 0x10;

    const byte NumberOfIpv4 = 0xcc;

    /// <summary>Specifies the command of KISS that is data, in the lower half of its byte; the upper half is a
    /// port.</summary>
    const int KissCommand = 0x0f;

    public static bool TryReadKiss(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = offset < bytes.Length ? IgnoreReason.NotIp : IgnoreReason.LinkHeaderCut;
        return offset < bytes.Length && (bytes[offset] & KissCommand) == 0 &&
            TryRead(bytes, offset + 1, out carrier, out why);
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        for (var addresses = 1; addresses <= MaxAddresses; addresses++)
        {
            var end = offset + (addresses * AddressLength);
            if (bytes.Length < end + 2)
            {
                return false;
            }

            if ((bytes[end - 1] & AddressEnd) != 0)
            {
                why = IgnoreReason.NotIp;
                carrier = new(end + 2, EtherType.Ipv4);
                return addresses > 1 && bytes[end + 1] == NumberOfIpv4 &&
                    ((bytes[end] & NotNumbered) == 0 || (bytes[end] & ~Poll) == Unnumbered);
            }
        }

        why = IgnoreReason.NotIp;
        return false;
    }
}
