using System.Buffers.Binary;

namespace ServeFlow.Packets.Headers.Links;

/// <summary>Cisco HDLC (LINKTYPE_C_HDLC): address, control, EtherType.</summary>
static class HdlcHeader
{
    const int Length = 4;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length < Length)
        {
            return false;
        }

        var type = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        why = IgnoreReason.NotIp;
        carrier = new(Length, (EtherType)type);
        return type != 0;
    }
}
