using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;

namespace ServeFlow.Packets;

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
        headers = default;
        var bytes = packet.Bytes;
        if (LinkLayer.TryRead(bytes, packet.LinkType, out var carrier, out var why) &&
            LinkTags.TryPass(bytes, ref carrier, ref headers, out why) &&
            NetworkLayer.TryRead(bytes, packet.OriginalLength, carrier, ref headers, out why))
        {
            if (Tunnels.MayBegin(headers))
            {
                Tunnels.Open(bytes, ref headers);
            }

            return true;
        }

        headers = default;
        ignored.Count(why);
        return false;
    }
}
