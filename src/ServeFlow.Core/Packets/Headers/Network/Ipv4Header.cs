using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Network;

/// <summary>IPv4 (RFC 791).</summary>
readonly struct Ipv4Header
{
    public const int MinLength = 20;

    const int MoreFragments = 0x2000;
    const int OffsetMask = 0x1fff;

    readonly byte versionAndLength;
    public readonly ushort TotalLength;
    readonly ushort fragment;
    public readonly byte Protocol;
    public readonly uint Source;
    public readonly uint Destination;

    Ipv4Header(ReadOnlySpan<byte> bytes)
    {
        Destination = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
        Source = BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);
        Protocol = bytes[9];
        fragment = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        TotalLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        versionAndLength = bytes[0];
    }

    public int Version => versionAndLength >> 4;

    /// <summary>Header with options, as it says itself: 0–60.</summary>
    public int Length => (versionAndLength & 0xf) * 4;

    /// <summary>Gets whether this is a part of a packet, the first or a later one.</summary>
    public bool IsFragment => (fragment & (MoreFragments | OffsetMask)) != 0;

    public FragmentKind Fragment => (fragment & OffsetMask) != 0 ? FragmentKind.Later
        : (fragment & MoreFragments) != 0 ? FragmentKind.First : FragmentKind.None;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out Ipv4Header header)
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
