namespace ServeFlow.Packets.Headers.Network;

/// <summary>ICMP (RFC 792) and ICMPv6 (RFC 4443): type, code, checksum; four more bytes belong to most types.</summary>
readonly struct IcmpHeader
{
    public const byte Protocol = 1;
    public const byte Protocol6 = 58;
    public const int Size = 8;
    public const int MinLength = 4;

    public readonly byte Type;
    public readonly byte Code;

    IcmpHeader(ReadOnlySpan<byte> bytes) => (Type, Code) = (bytes[0], bytes[1]);

    public static bool TryRead(ReadOnlySpan<byte> bytes, out IcmpHeader header)
    {
        if (bytes.Length < MinLength)
        {
            header = default;
            return false;
        }

        header = new(bytes);
        return true;
    }
}
