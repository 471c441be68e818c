using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Network;

/// <summary>IPv6 (RFC 8200), the fixed 40 bytes.</summary>
readonly struct Ipv6Header
{
    public const int Length = 40;

    public readonly int Version;
    public readonly ushort PayloadLength;
    public readonly byte NextHeader;
    public readonly IpAddress Source;
    public readonly IpAddress Destination;

    Ipv6Header(ReadOnlySpan<byte> bytes)
    {
        Destination = new(BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[32..]));
        Source = new(BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]));
        NextHeader = bytes[6];
        PayloadLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        Version = bytes[0] >> 4;
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out Ipv6Header header)
    {
        if (bytes.Length < Length)
        {
            header = default;
            return false;
        }

        header = new(bytes);
        return true;
    }
}
