using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>VXLAN (RFC 7348): eight bytes with a network identifier, then an Ethernet frame.</summary>
static class VxlanHeader
{
    public const ushort Port = 4789;

    /// <summary>Is the port that Linux used before the number was assigned, and still defaults to.</summary>
    public const ushort LinuxPort = 8472;

    const int Length = 8;
    const byte HasIdentifier = 0x08;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier)
    {
        carrier = new(offset + Length, EtherType.TransparentBridging);
        return bytes.Length - offset > Length && (bytes[offset] & HasIdentifier) != 0;
    }
}
