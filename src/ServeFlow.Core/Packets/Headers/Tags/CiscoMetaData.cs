using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tags;

/// <summary>Cisco MetaData: version, number of options, options of four bytes (a security group is one).</summary>
static class CiscoMetaData
{
    const int Length = 2;
    const int OptionLength = 4;
    const byte Version = 1;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < Length)
        {
            return false;
        }

        why = IgnoreReason.NotIp;
        var end = offset + Length + (bytes[offset + 1] * OptionLength);
        return bytes[offset] == Version && EthernetHeader.TryReadType(bytes, end, out carrier, out why);
    }
}
