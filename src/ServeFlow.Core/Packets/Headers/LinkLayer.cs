using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers;

/// <summary>The header that the capture's link type says a packet begins with.</summary>
static class LinkLayer
{
    public static bool TryRead(ReadOnlySpan<byte> bytes, LinkType linkType, out Carrier carrier, out IgnoreReason why)
    {
        switch (linkType)
        {
            case LinkType.Ethernet:
                return EthernetHeader.TryRead(bytes, 0, out carrier, out why);
            case LinkType.LinuxCooked:
                return CookedHeader.TryRead(bytes, out carrier, out why);
            case LinkType.LinuxCooked2:
                return CookedHeader.TryRead2(bytes, out carrier, out why);
            case LinkType.BsdLoopback or LinkType.OpenBsdLoopback:
                return LoopbackHeader.TryRead(bytes, out carrier, out why);
            case LinkType.Ppp or LinkType.PppSerial:
                return PppHeader.TryRead(bytes, 0, out carrier, out why);
            case LinkType.Wifi:
                return WifiHeader.TryRead(bytes, 0, out carrier, out why);
            case LinkType.WifiRadiotap:
                return WifiHeader.TryReadBehindRadiotap(bytes, out carrier, out why);
            case LinkType.CiscoHdlc:
                return HdlcHeader.TryRead(bytes, out carrier, out why);
            case LinkType.Ipv4:
                return WholePacket(EtherType.Ipv4, out carrier, out why);
            case LinkType.Ipv6:
                return WholePacket(EtherType.Ipv6, out carrier, out why);
            case LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd:
                return WholePacket(EtherType.ByIpVersion, out carrier, out why);
            default:
                carrier = default;
                why = IgnoreReason.UnknownLinkType;
                return false;
        }
    }

    static bool WholePacket(EtherType type, out Carrier carrier, out IgnoreReason why)
    {
        carrier = new(0, type);
        why = default;
        return true;
    }
}
