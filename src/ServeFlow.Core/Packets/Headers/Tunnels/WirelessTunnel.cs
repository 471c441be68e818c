using System.Buffers.Binary;
using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>
/// Frames between access points and their controller: CAPWAP's data channel (RFC 5415) and LWAPP's (RFC 5412).
/// Channels that are encrypted stay shut.
/// </summary>
static class WirelessTunnel
{
    public const ushort CapwapPort = 5247;
    public const ushort LwappPort = 12222;

    const int CapwapLength = 8;

    /// <summary>Specifies the first byte: version 0, no DTLS.</summary>
    const byte CapwapPreamble = 0;

    /// <summary>Fields of the first four bytes: length in four bytes, radio's native frame, keep-alive.</summary>
    const int LengthShift = 19;
    const int LengthMask = 0x1f;
    const int IsNative = 0x100;
    const int IsKeepAlive = 0x08;

    /// <summary>Specifies the offset of a fragment, in units of eight bytes.</summary>
    const int FragmentMask = 0xfff8;

    const int LwappLength = 6;
    const int LwappVersion = 0xc0;
    const int LwappControl = 0x04;

    public static bool TryReadCapwap(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.NotIp;
        if (bytes.Length - offset < CapwapLength || bytes[offset] != CapwapPreamble)
        {
            return false;
        }

        var first = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);
        var fragment = BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + 6)..]) & FragmentMask;
        var length = (first >> LengthShift & LengthMask) * 4;
        if (length < CapwapLength || (first & IsKeepAlive) != 0 || fragment != 0)
        {
            return false;
        }

        return (first & IsNative) != 0
            ? WifiHeader.TryReadEitherOrder(bytes, offset + length, out carrier, out why)
            : EthernetHeader.TryRead(bytes, offset + length, out carrier, out why);
    }

    public static bool TryReadLwapp(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.NotIp;
        return bytes.Length - offset > LwappLength && (bytes[offset] & (LwappVersion | LwappControl)) == 0 &&
            WifiHeader.TryReadEitherOrder(bytes, offset + LwappLength, out carrier, out why);
    }
}
