using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>
/// Tunnels over UDP whose short header an IP packet follows: LISP's data (RFC 9300) and encapsulated control messages
/// (RFC 9301), automatic multicast tunnelling (RFC 7450), generic UDP encapsulation (draft-ietf-intarea-gue), mobile IP
/// (RFC 3519), Juniper's mirrored packets.
/// </summary>
static class IpOverUdp
{
    public const ushort LispPort = 4341;
    public const ushort AmtPort = 2268;
    public const ushort GuePort = 6080;
    public const ushort MobileIpPort = 434;

    public const ushort LispControlPort = 4342;
    public const ushort MirrorPort = 30030;

    const int LispLength = 8;
    const int LispControlLength = 4;

    /// <summary>Type 8: an encapsulated control message, without the security flag.</summary>
    const byte LispEncapsulated = 0x80;
    const byte LispTypeAndSecurity = 0xf8;

    /// <summary>Numbers of the intercept and of the session.</summary>
    const int MirrorLength = 8;

    /// <summary>A reserved bit and the two that say which key the payload is encrypted with.</summary>
    const int LispReserved = 0x07;

    /// <summary>Multicast data, which comes behind two bytes.</summary>
    const byte AmtData = 6;
    const int AmtLength = 2;

    const int GueLength = 4;
    const int GueVersionOrControl = 0xe0;
    const int GueOptionsMask = 0x1f;

    /// <summary>Tunnelled data, the IP version's protocol number, two reserved bytes.</summary>
    const byte MobileData = 4;
    const int MobileLength = 4;

    const byte IpInIp = 4;
    const byte Ipv6InIp = 41;

    public static bool TryReadLisp(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = new(offset + LispLength, EtherType.ByIpVersion);
        why = IgnoreReason.NotIp;
        return bytes.Length - offset > LispLength && (bytes[offset] & LispReserved) == 0 &&
            IpGuess.IsLikely(bytes, carrier.Offset);
    }

    public static bool TryReadLispControl(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier,
        out IgnoreReason why)
    {
        carrier = new(offset + LispControlLength, EtherType.ByIpVersion);
        why = IgnoreReason.NotIp;
        return bytes.Length - offset > LispControlLength &&
            (bytes[offset] & LispTypeAndSecurity) == LispEncapsulated && IpGuess.IsLikely(bytes, carrier.Offset);
    }

    public static bool TryReadMirror(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = new(offset + MirrorLength, EtherType.ByIpVersion);
        why = IgnoreReason.NotIp;
        return IpGuess.IsLikely(bytes, carrier.Offset);
    }

    public static bool TryReadAmt(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = new(offset + AmtLength, EtherType.ByIpVersion);
        why = IgnoreReason.NotIp;
        return bytes.Length - offset > AmtLength && bytes[offset] == AmtData && bytes[offset + 1] == 0 &&
            IpGuess.IsLikely(bytes, carrier.Offset);
    }

    /// <summary>Version 1 has no header: its number is a part of the IP version's.</summary>
    public static bool TryReadGue(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = new(offset, EtherType.ByIpVersion);
        why = IgnoreReason.NotIp;
        if (IpGuess.IsLikely(bytes, offset))
        {
            return true;
        }

        return bytes.Length - offset > GueLength && (bytes[offset] & GueVersionOrControl) == 0 &&
            TryCreate(bytes[offset + 1], offset + GueLength + ((bytes[offset] & GueOptionsMask) * 4), out carrier);
    }

    public static bool TryReadMobileIp(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.NotIp;
        return bytes.Length - offset > MobileLength && bytes[offset] == MobileData &&
            TryCreate(bytes[offset + 1], offset + MobileLength, out carrier);
    }

    static bool TryCreate(byte protocol, int offset, out Carrier carrier)
    {
        carrier = new(offset, protocol == IpInIp ? EtherType.Ipv4 : EtherType.Ipv6);
        return protocol is IpInIp or Ipv6InIp;
    }
}
