using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>
/// InfiniBand packets that carry IP (RFC 4391): local route, perhaps global route, transport with a datagram's queue,
/// then an EtherType and two reserved bytes.
/// </summary>
static class InfiniBandHeader
{
    const int LocalLength = 8;
    const int GlobalLength = 40;
    const int TransportLength = 12;
    const int DatagramLength = 8;
    const int TypeLength = 4;

    /// <summary>
    /// Selects the bits that name the header behind the local route: transport, or the global route before it.
    /// </summary>
    const int NextMask = 3;
    const int TransportNext = 2;
    const int GlobalNext = 3;

    /// <summary>A datagram, sent whole.</summary>
    const byte DatagramSent = 0x64;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < LocalLength)
        {
            return false;
        }

        var next = bytes[offset + 1] & NextMask;
        var transport = offset + LocalLength + (next == GlobalNext ? GlobalLength : 0);
        var type = transport + TransportLength + DatagramLength;
        if (bytes.Length - type < TypeLength)
        {
            return false;
        }

        why = IgnoreReason.NotIp;
        return next is TransportNext or GlobalNext && bytes[transport] == DatagramSent &&
            Carrier.TryCreate(type + TypeLength, BinaryPrimitives.ReadUInt16BigEndian(bytes[type..]), out carrier,
                out why);
    }
}
