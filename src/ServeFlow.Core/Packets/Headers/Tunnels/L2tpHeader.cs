using System.Buffers.Binary;
using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tunnels;

/// <summary>
/// L2TP's data: version 2 (RFC 2661) with PPP inside, version 3 (RFC 3931) over UDP or IP with a frame inside, whose
/// kind and place the two ends have agreed on before: they are guessed.
/// </summary>
static class L2tpHeader
{
    public const ushort Port = 1701;
    public const byte Protocol = 115;

    const int Version = 0x000f;
    const int IsControl = 0x8000;
    const int HasLength = 0x4000;
    const int HasSequence = 0x0800;
    const int HasOffset = 0x0200;

    /// <summary>Specifies the bits that are neither flags nor the version.</summary>
    const int Reserved = 0x34f0;

    /// <summary>Flags, tunnel, session.</summary>
    const int Length2 = 6;
    const int SequenceLength = 4;

    /// <summary>Flags and two reserved bytes before version 3's session over UDP.</summary>
    const int FlagsLength3 = 4;
    const int SessionLength = 4;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.NotIp;
        if (bytes.Length - offset < Length2)
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);
        return (flags & (IsControl | Reserved)) == 0 && (flags & Version) switch
        {
            2 => TryRead2(bytes, offset, flags, out carrier, out why),
            3 => TryReadSession(bytes, offset + FlagsLength3, out carrier, out why),
            _ => false,
        };
    }

    /// <summary>Reads version 3 from its session on, which is 0 where a control message follows.</summary>
    public static bool TryReadSession(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.NotIp;
        if (bytes.Length - offset <= SessionLength || BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]) == 0)
        {
            return false;
        }

        // A cookie of 0, 4 or 8 bytes, then perhaps four more of the layer in between.
        for (var skip = SessionLength; skip <= SessionLength + 12; skip += 4)
        {
            if (TryGuess(bytes, offset + skip, out carrier))
            {
                return true;
            }
        }

        return false;
    }

    static bool TryRead2(ReadOnlySpan<byte> bytes, int offset, int flags, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.NotIp;
        offset += Length2 + ((flags & HasLength) != 0 ? 2 : 0) + ((flags & HasSequence) != 0 ? SequenceLength : 0);
        if ((flags & HasOffset) == 0)
        {
            return PppHeader.TryRead(bytes, offset, out carrier, out why);
        }

        return bytes.Length - offset > 2 && PppHeader.TryRead(bytes,
            offset + 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]), out carrier, out why);
    }

    static bool TryGuess(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier)
    {
        carrier = Carrier.FromFrame(offset, LinkType.Ethernet);
        if (EthernetHeader.IsLikely(bytes, offset))
        {
            return true;
        }

        carrier = Carrier.FromFrame(offset, LinkType.PppSerial);
        return bytes.Length - offset > 4 && bytes[offset..] is [0xff, 0x03, ..] or [0x0f, 0x00, 0x08, 0x00, ..]
            or [0x0f, 0x00, 0x86, 0xdd, ..];
    }
}
