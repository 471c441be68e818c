using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Network;

/// <summary>TCP (RFC 9293).</summary>
readonly struct TcpHeader
{
    public const byte Protocol = 6;
    public const int MinLength = 20;

    public readonly uint Sequence;
    public readonly uint Acknowledgement;
    public readonly ushort SourcePort;
    public readonly ushort DestinationPort;
    readonly byte lengthByte;
    public readonly byte Flags;

    TcpHeader(ReadOnlySpan<byte> bytes)
    {
        Flags = bytes[13];
        lengthByte = bytes[12];
        Acknowledgement = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
        Sequence = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        SourcePort = BinaryPrimitives.ReadUInt16BigEndian(bytes);
    }

    /// <summary>Header with options, as it says itself: 0–60.</summary>
    public int Length => (lengthByte >> 4) * 4;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out TcpHeader header)
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
