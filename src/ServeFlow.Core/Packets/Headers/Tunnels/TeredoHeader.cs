using System.Buffers.Binary;
using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>
/// Teredo (RFC 4380): IPv6 over UDP, perhaps behind an authentication and an origin. One of the addresses is Teredo's
/// own or of the link.
/// </summary>
static class TeredoHeader
{
    public const ushort Port = 3544;

    const int Authentication = 1;
    const int AuthenticationLength = 13;
    const int Origin = 0;
    const int OriginLength = 8;

    const int Ipv6Length = 40;
    const int SourceAt = 8;
    const int DestinationAt = 24;
    const uint Prefix = 0x2001_0000;
    const uint LinkLocal = 0xfe80_0000;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        why = IgnoreReason.NotIp;
        if (StartsWith(bytes, offset, Authentication, AuthenticationLength))
        {
            offset += AuthenticationLength + bytes[offset + 2] + bytes[offset + 3];
        }

        if (StartsWith(bytes, offset, Origin, OriginLength))
        {
            offset += OriginLength;
        }

        carrier = new(offset, EtherType.Ipv6);
        return bytes.Length - offset >= Ipv6Length && bytes[offset] >> 4 == 6 &&
            (IsOfTeredo(bytes[(offset + SourceAt)..]) || IsOfTeredo(bytes[(offset + DestinationAt)..]));
    }

    static bool StartsWith(ReadOnlySpan<byte> bytes, int offset, int indication, int length) =>
        bytes.Length - offset >= length && BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]) == indication;

    static bool IsOfTeredo(ReadOnlySpan<byte> address) =>
        BinaryPrimitives.ReadUInt32BigEndian(address) is Prefix or LinkLocal;
}
