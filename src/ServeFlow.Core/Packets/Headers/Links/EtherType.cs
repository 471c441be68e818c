namespace ServeFlow.Packets.Headers.Links;

/// <summary>EtherTypes that lead to IP. Values: IEEE 802 numbers at IANA.</summary>
enum EtherType : ushort
{
    /// <summary>No EtherType was given: the first four bits tell the IP version.</summary>
    ByIpVersion = 0,

    Ipv4 = 0x0800,
    TransparentBridging = 0x6558,
    Vlan = 0x8100,
    Ipv6 = 0x86dd,
    GrePpp = 0x880b,
    MplsUnicast = 0x8847,
    MplsMulticast = 0x8848,
    PppoeSession = 0x8864,
    ServiceVlan = 0x88a8,
    OldServiceVlan = 0x9100,
}
