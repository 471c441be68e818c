using ServeFlow.Packets.Headers.Links;
using ServeFlow.Packets.Headers.Tags;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>
/// VXLAN (RFC 7348), also with a group policy: eight bytes with a network identifier, then an Ethernet frame. The
/// generic extension (VXLAN-GPE, draft-ietf-nvo3-vxlan-gpe) names what follows.
/// </summary>
static class VxlanHeader
{
    public const ushort Port = 4789;

    /// <summary>Specifies the port that Linux used before the number was assigned, and still defaults to.</summary>
    public const ushort LinuxPort = 8472;

    public const ushort GenericPort = 4790;

    const int Length = 8;
    const int NextAt = 3;
    const byte HasIdentifier = 0x08;
    const byte HasNext = 0x04;

    /// <summary>Two reserved bits, two of the version, and the flag of a management packet.</summary>
    const byte GenericMask = 0xf1;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = Carrier.FromFrame(offset + Length, LinkType.Ethernet);
        why = IgnoreReason.NotIp;
        return bytes.Length - offset > Length && (bytes[offset] & HasIdentifier) != 0;
    }

    public static bool TryReadGeneric(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = Carrier.FromFrame(offset + Length, LinkType.Ethernet);
        why = IgnoreReason.NotIp;
        return bytes.Length - offset > Length && (bytes[offset] & GenericMask) == 0 &&
            ((bytes[offset] & HasNext) != 0
                ? NextProtocol.TryRead(bytes[offset + NextAt], offset + Length, out carrier)
                : (bytes[offset] & HasIdentifier) != 0);
    }
}
