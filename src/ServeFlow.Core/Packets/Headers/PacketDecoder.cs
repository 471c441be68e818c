using ServeFlow.Packets.Headers.Links;
using ServeFlow.Packets.Headers.Network;
using ServeFlow.Telemetry;

namespace ServeFlow.Packets.Headers;

/// <summary>
/// Finds the headers of a packet in place. Never throws, reads nothing outside the packet, allocates nothing.
/// </summary>
public static class PacketDecoder
{
    /// <summary>
    /// Decodes one packet; where it returns false, exactly one reason was counted. Oddities of a packet that was
    /// decoded stand in <see cref="PacketHeaders.Oddities"/>.
    /// </summary>
    public static bool TryDecode(in PacketSlot packet, out PacketHeaders headers, Tally<IgnoreReason> ignored)
    {
        if (TryDecode(packet, out headers, out var why))
        {
            return true;
        }

        ignored.Count(why);
        return false;
    }

    /// <summary>Decodes a packet like the overload above, for a caller that counts the reason itself.</summary>
    public static bool TryDecode(in PacketSlot packet, out PacketHeaders headers, out IgnoreReason why)
    {
        why = default;
        return (packet.LinkType == LinkType.Ethernet &&
                PlainPacket.TryRead(packet.Bytes, packet.OriginalLength, out headers))
            || TryDecodeAny(packet, out headers, out why);
    }

    /// <summary>The general way, for every packet.</summary>
    internal static bool TryDecodeAny(in PacketSlot packet, out PacketHeaders headers, out IgnoreReason why)
    {
        headers = default;
        var bytes = packet.Bytes;
        var carrier = Carrier.FromFrame(0, packet.LinkType);
        if (LinkHeaders.TrySkip(bytes, ref carrier, ref headers, out why) &&
            NetworkLayer.TryRead(bytes, packet.OriginalLength, carrier, ref headers, out why))
        {
            if (Openers.MayBeTunnel(headers))
            {
                Decapsulation.Decapsulate(bytes, ref headers);
            }

            return true;
        }

        headers = default;
        return false;
    }
}
