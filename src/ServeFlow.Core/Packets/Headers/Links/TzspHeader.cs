using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>TaZmen Sniffer Protocol: a captured frame behind a few tagged fields, as a link type or over UDP.</summary>
static class TzspHeader
{
    public const ushort Port = 37008;

    const int Length = 4;
    const byte Version = 1;

    /// <summary>A received frame, or one to send.</summary>
    const int MaxType = 1;

    const byte PaddingField = 0;
    const byte EndField = 1;

    /// <summary>Real packets carry about ten; the bound keeps a crafted list from costing time.</summary>
    const int MaxFields = 64;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < Length)
        {
            return false;
        }

        var frame = BinaryPrimitives.ReadUInt16BigEndian(bytes[(offset + 2)..]) switch
        {
            1 => LinkType.Ethernet,
            18 => LinkType.Wifi,
            119 => LinkType.WifiPrism,
            127 => LinkType.WifiAvs,
            _ => LinkType.Tzsp,
        };
        why = IgnoreReason.NotIp;
        return bytes[offset] == Version && bytes[offset + 1] <= MaxType && frame != LinkType.Tzsp &&
            TrySkipFields(bytes, offset + Length, frame, out carrier, out why);
    }

    static bool TrySkipFields(ReadOnlySpan<byte> bytes, int offset, LinkType frame, out Carrier carrier,
        out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        for (var count = 0; count < MaxFields && offset < bytes.Length; count++)
        {
            var field = bytes[offset++];
            if (field == EndField)
            {
                carrier = Carrier.FromFrame(offset, frame);
                return true;
            }

            if (field != PaddingField)
            {
                offset += offset < bytes.Length ? bytes[offset] + 1 : 1;
            }
        }

        return false;
    }
}
