using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Packets.Headers.Tags;

/// <summary>Provides the numbers by which NSH (RFC 8300) and VXLAN-GPE name what they carry.</summary>
static class NextProtocol
{
    public static bool TryRead(byte number, int offset, out Carrier carrier)
    {
        carrier = number switch
        {
            1 => new(offset, EtherType.Ipv4),
            2 => new(offset, EtherType.Ipv6),
            3 => Carrier.FromFrame(offset, LinkType.Ethernet),
            4 => new(offset, EtherType.Nsh),
            5 => new(offset, EtherType.MplsUnicast),
            _ => default,
        };
        return carrier.Offset != 0;
    }
}
