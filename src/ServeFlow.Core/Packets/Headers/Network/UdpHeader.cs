using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Network;

/// <summary>UDP (RFC 768).</summary>
readonly struct UdpHeader
{
    public const byte Protocol = 17;
    public const int Size = 8;

    public readonly ushort SourcePort;
    public readonly ushort DestinationPort;

    /// <summary>Header and payload, as it says itself; 0 is allowed in jumbograms.</summary>
    public readonly ushort Length;

    UdpHeader(ReadOnlySpan<byte> bytes)
    {
        Length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        SourcePort = BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out UdpHeader header)
    {
        if (bytes.Length < Size)
        {
            header = default;
            return false;
        }

        header = new(bytes);
        return true;
    }
}
