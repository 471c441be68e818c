using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tags;

/// <summary>Tags of Realtek's switch chips behind their EtherType: two bytes (RTL4 A) or six (RTL8 4).</summary>
static class RealtekTag
{
    const int ShortKind = 0xa;
    const int ShortLength = 2;
    const byte LongKind = 4;
    const int LongLength = 6;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < ShortLength)
        {
            return false;
        }

        var length = bytes[offset] == LongKind ? LongLength : bytes[offset] >> 4 == ShortKind ? ShortLength : 0;
        why = IgnoreReason.NotIp;
        return length != 0 && EthernetHeader.TryReadType(bytes, offset + length, out carrier, out why);
    }
}
