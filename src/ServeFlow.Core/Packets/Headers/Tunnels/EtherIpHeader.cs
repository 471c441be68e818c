using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>EtherIP (RFC 3378): version 3 and twelve reserved bits, then an Ethernet frame.</summary>
static class EtherIpHeader
{
    public const byte Protocol = 97;

    const int Length = 2;
    const int Version = 0x30;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = Carrier.FromFrame(offset + Length, LinkType.Ethernet);
        why = IgnoreReason.NotIp;
        return bytes.Length - offset > Length && (bytes[offset] & 0xf0) == Version;
    }
}
