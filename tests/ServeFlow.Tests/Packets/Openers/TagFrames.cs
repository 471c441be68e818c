using ServeFlow.Packets.Headers.Links;
using static ServeFlow.Tests.Packets.Openers.OpenerFrame;

namespace ServeFlow.Tests.Packets.Openers;

/// <summary>A packet for every EtherType that leads on to IP.</summary>
static class TagFrames
{
    static readonly byte[] addresses = [.. Mac(1), .. Mac(2)];
    static readonly byte[] label = [0, 1, 1, 64];
    static readonly byte[] erspan2 = [0x10, 20, 0, 1, 0, 0, 0, 0, .. Ethernet];
    static readonly byte[] erspan3 = [0x20, 20, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, .. Ethernet];
    static readonly byte[] erspan3Long = [0x20, 20, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, .. new byte[8], .. Ethernet];
    static readonly byte[] vlan = Frame.Vlan(7, Frame.Ip4, Ip);

    public static IEnumerable<OpenerFrame> All =>
    [
        OfTag(EtherType.Trill, [0, 5, 0, 1, 0, 2, .. Ethernet]),
        OfTag(EtherType.Trill, [0, 0x45, 0, 1, 0, 2, 0, 0, 0, 0, .. Ethernet], isForeign: true),
        OfTag(EtherType.CongestionTag, [0, 9, 8, 0, .. Ip], isForeign: true),
        OfTag(EtherType.Erspan3, erspan3, isForeign: true),
        OfTag(EtherType.Erspan, erspan2, isForeign: true),
        OfTag(EtherType.BatmanAdvanced, [0x40, 15, 50, 1, .. Mac(9), .. Ethernet]),
        OfTag(EtherType.BatmanAdvanced, [1, 15, 50, 0, 0, 0, 0, 1, .. Mac(9), .. Ethernet]),
        OfTag(EtherType.BatmanAdvanced, [0x42, 15, 50, 1, .. Mac(9), .. Mac(8), 1, 0, .. Ethernet]),
        OfTag(EtherType.TransparentBridging, Ethernet),
        OfTag(EtherType.RawFrameRelay, [0x18, 0x41, 3, 0xcc, .. Ip], isForeign: true),
        OfTag(EtherType.Vlan, vlan),
        OfTag(EtherType.Ppp, [0, 0x21, .. Ip], isForeign: true),
        OfTag(EtherType.MplsUnicast, [.. label, .. Ip]),
        OfTag(EtherType.MplsUnicast, [.. label, 0, 0, 0, 0, .. Ethernet], isForeign: true),
        OfTag(EtherType.MplsUnicast, [.. label, .. Ethernet], isForeign: true),
        OfTag(EtherType.MplsUnicast, [.. label, .. Frame.Ethernet((int)EtherType.VnTag, [0, 0, 0, 51, 8, 0, .. Ip])],
            isForeign: true),
        OfTag(EtherType.MplsMulticast, [.. label, .. Ip]),
        OfTag(EtherType.PppoeSession, [0x11, 0, 0, 1, 0, 44, 0, 0x21, .. Ip]),
        OfTag(EtherType.JumboLlc, Snap),
        OfTag(EtherType.BroadcomTag, [0x20, 0, 0, 1, 8, 0, .. Ip], isForeign: true),
        OfTag(EtherType.Realtek, [0xa0, 1, 8, 0, .. Ip], isForeign: true),
        OfTag(EtherType.Realtek, [4, 0, 0, 0, 0, 1, 8, 0, .. Ip], isForeign: true),
        OfTag(EtherType.ServiceVlan, vlan),
        OfTag(EtherType.OldBackboneTag, [0, 0, 0, 9, .. Ethernet], isForeign: true),
        OfTag(EtherType.Macsec, [0, 0, 0, 0, 0, 1, 8, 0, .. Ip, .. new byte[16]]),
        OfTag(EtherType.Macsec, [0x20, 0, 0, 0, 0, 1, .. new byte[8], 8, 0, .. Ip, .. new byte[16]]),
        OfTag(EtherType.BackboneTag, [0, 0, 0, 9, .. Ethernet]),
        OfTag(EtherType.FabricPath, [0x40, 0x20, .. Ethernet], isForeign: true),
        OfTag(EtherType.CiscoMetaData, [1, 1, 0, 1, 0, 9, 8, 0, .. Ip]),
        OfTag(EtherType.VnTag, [0, 0, 0, 0x33, 8, 0, .. Ip]),
        OfTag(EtherType.Hsr, [0, 42, 0, 9, 8, 0, .. Ip]),
        OfTag(EtherType.ETag, [0, 0, 0, 1, 0, 0, 8, 0, .. Ip]),
        OfTag(EtherType.Nsh, [0, 2, 2, 1, 0, 0, 1, 2, .. Ip]),
        OfTag(EtherType.Nsh, [0, 6, 1, 3, 0, 0, 1, 2, .. new byte[16], .. Ethernet]),
        OfTag(EtherType.OldServiceVlan, vlan),
        OfTag(EtherType.OldServiceVlan2, vlan, isForeign: true),
        OfTag(EtherType.OldServiceVlan3, vlan, isForeign: true),
        OfTag(EtherType.AristaTimestamp, [0, 1, 0, 0x10, .. new byte[8], 8, 0, .. Ip]),
        OfTag(EtherType.AristaTimestamp, [0, 1, 1, 0x20, .. new byte[6], 8, 0, .. Ip]),
        OfTag(EtherType.EtherDsa, [0, 0, 0xc0, 8, 0, 0, 8, 0, .. Ip], isForeign: true),
        OfTag(EtherType.RedundancyTag, [0, 0, 0, 9, 8, 0, .. Ip]),
        OfTag(EtherType.VnTag, [0, 0, 0, 0x33, 0x81, 0, .. vlan]),
        OfTag(EtherType.ServiceVlan, Frame.Vlan(5, 0x88e7, [0, 0, 0, 9, .. addresses, 0x81, 0, .. vlan])),
        OfProtocol(47, [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, .. erspan2]),
        OfProtocol(47, [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, .. erspan3]),
        OfProtocol(47, [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, .. erspan3Long]),
    ];
}
