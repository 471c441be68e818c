using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tags;

/// <summary>
/// MACsec (IEEE 802.1AE) without encryption: control, short length, packet number, perhaps the channel's identifier.
/// The check value behind the data is beyond the IP packet's length.
/// </summary>
static class MacsecTag
{
    const int Length = 6;
    const int ChannelLength = 8;
    const int Version = 0x80;
    const int HasChannel = 0x20;
    const int EncryptedOrChanged = 0x0c;

    public static bool TryRead(ReadOnlySpan<byte> bytes, int offset, out Carrier carrier, out IgnoreReason why)
    {
        carrier = default;
        why = IgnoreReason.LinkHeaderCut;
        if (bytes.Length - offset < Length)
        {
            return false;
        }

        var control = bytes[offset];
        var length = Length + ((control & HasChannel) != 0 ? ChannelLength : 0);
        why = IgnoreReason.NotIp;
        return (control & (Version | EncryptedOrChanged)) == 0 &&
            EthernetHeader.TryReadType(bytes, offset + length, out carrier, out why);
    }
}
