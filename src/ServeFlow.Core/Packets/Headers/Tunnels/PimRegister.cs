using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>PIM's register message (RFC 7761): a multicast packet on its way to the rendezvous point.</summary>
static class PimRegister
{
    public const byte Protocol = 103;

    const int Length = 8;

    /// <summary>Version 2, type 1. The other types carry nothing.</summary>
    const byte Register = 0x21;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = new(offset + Length, EtherType.ByIpVersion);
        why = IgnoreReason.NotIp;
        return bytes.Length - offset > Length && bytes[offset] == Register;
    }
}
