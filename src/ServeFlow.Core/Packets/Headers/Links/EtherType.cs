namespace ServeFlow.Packets.Headers.Links;

/// <summary>EtherTypes that lead to IP. Values: IEEE 802 numbers at IANA, or the maker's where it names one.</summary>
enum EtherType : ushort
{
    /// <summary>No EtherType was given: the first four bits tell the IP version.</summary>
    ByIpVersion = 0,

    /// <summary>No EtherType was given: a frame of <see cref="Carrier.Frame"/> begins.</summary>
    Frame = 1,

    Ipv4 = 0x0800,
    Trill = 0x22f3,
    CongestionTag = 0x22e9,
    Erspan3 = 0x22eb,
    BatmanAdvanced = 0x4305,
    TransparentBridging = 0x6558,
    RawFrameRelay = 0x6559,
    Vlan = 0x8100,
    Ipv6 = 0x86dd,
    Ppp = 0x880b,
    MplsUnicast = 0x8847,
    MplsMulticast = 0x8848,
    PppoeSession = 0x8864,
    JumboLlc = 0x8870,
    BroadcomTag = 0x8874,
    Realtek = 0x8899,
    ServiceVlan = 0x88a8,
    Erspan = 0x88be,
    OldBackboneTag = 0x88c8,
    Macsec = 0x88e5,
    BackboneTag = 0x88e7,
    FabricPath = 0x8903,
    CiscoMetaData = 0x8909,
    VnTag = 0x8926,
    Hsr = 0x892f,
    ETag = 0x893f,
    Nsh = 0x894f,
    OldServiceVlan = 0x9100,
    OldServiceVlan2 = 0x9200,
    OldServiceVlan3 = 0x9300,
    AristaTimestamp = 0xd28b,
    EtherDsa = 0xdada,
    RedundancyTag = 0xf1c1,
}
