using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>AYIYA (draft-massar-v6ops-ayiya): an identity and a signature, whose lengths it gives, then IP.</summary>
static class AyiyaHeader
{
    public const ushort Port = 5072;

    const int Length = 8;

    /// <summary>Operation 1: the packet is to be forwarded.</summary>
    const int Forward = 1;
    const byte NextIpv4 = 4;
    const byte NextIpv6 = 41;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.NotIp;
        if (bytes.Length - offset < Length)
        {
            return false;
        }

        var identity = 1 << (bytes[offset] >> 4);
        var signature = (bytes[offset + 1] >> 4) * 4;
        var next = bytes[offset + 3];
        carrier = new(offset + Length + identity + signature, next == NextIpv4 ? EtherType.Ipv4 : EtherType.Ipv6);
        return (bytes[offset + 2] & 0xf) == Forward && next is NextIpv4 or NextIpv6;
    }
}
