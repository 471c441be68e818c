using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>Recognises an IP packet where no header announces one.</summary>
static class IpGuess
{
    const int Ipv4Length = 20;
    const int Ipv6Length = 40;

    /// <summary>Determines whether an IP header seems to begin at the offset: its version and lengths agree.</summary>
    public static bool IsLikely(ReadOnlySpan<byte> bytes, int offset) =>
        offset < bytes.Length && (bytes[offset] >> 4) switch
        {
            4 => IsIpv4(bytes[offset..]),
            6 => bytes.Length - offset >= Ipv6Length,
            _ => false,
        };

    static bool IsIpv4(ReadOnlySpan<byte> ip)
    {
        var length = (ip[0] & 0xf) * 4;
        return ip.Length >= Ipv4Length && length >= Ipv4Length &&
            BinaryPrimitives.ReadUInt16BigEndian(ip[2..]) >= length;
    }
}
