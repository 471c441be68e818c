using ServeFlow.Packets;
using static ServeFlow.Tests.Packets.Openers.OpenerFrame;

namespace ServeFlow.Tests.Packets.Openers;

/// <summary>A packet for every link type but Juniper's.</summary>
static class LinkFrames
{
    static readonly byte[] addresses = [.. Mac(1), .. Mac(2)];
    static readonly byte[] fcs = [0, 0, 0, 0];
    static readonly byte[] radio =
        [0x82, 0xa0, 0xb4, 0x92, 0x88, 0xa4, 0xe0, 0x82, 0xa0, 0xb4, 0x92, 0x88, 0xa4, 0x61];

    static readonly byte[] preamble = [0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0xd5];
    static readonly byte[] label = [0, 1, 1, 64];
    static readonly byte[] relay = [0x18, 0x41, 3, 0xcc, .. Ip];
    static readonly byte[] pktap =
        [108, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, .. "en0"u8, .. new byte[93], .. Ethernet];

    /// <summary>The attribute with the hardware's protocol, then the packet, in little-endian order.</summary>
    static readonly byte[] nflog = [8, 0, 1, 0, 8, 0, 3, 0, .. Length(4 + Ip.Length), 9, 0, .. Ip];

    static readonly byte[] nflogBig = [0, 8, 0, 1, 8, 0, 3, 0, .. Frame.Big16(4 + Ip.Length), 0, 9, .. Ip];

    public static IEnumerable<OpenerFrame> All =>
    [
        OfLink(LinkType.BsdLoopback, [2, 0, 0, 0, .. Ip]),
        OfLink(LinkType.BsdLoopback, [0, 0, 8, 0, .. Ip]),
        OfLink(LinkType.Ethernet, Ethernet),
        OfLink(LinkType.Ethernet, Frame.Ethernet(Snap.Length, Snap)),
        OfLink(LinkType.Ethernet, Frame.Ethernet(4 + Ip.Length, [0xfe, 0xfe, 3, 0xcc, .. Ip])),
        OfLink(LinkType.Ethernet,
        [
            1, 0, 0x0c, 0, 0, 0, .. Mac(2), 0, 80, 0xaa, 0xaa, 3, 0, 0, 0x0c, 0, 20, 0, 0, 0, 0, .. Ethernet, .. fcs,
        ]),
        OfLink(LinkType.Ax25, [.. radio, 3, 0xcc, .. Ip]),
        OfLink(LinkType.Ax25, [.. radio, 0x13, 0xcc, .. Ip], isForeign: true),
        OfLink(LinkType.Ax25Kiss, [0, .. radio, 3, 0xcc, .. Ip]),
        OfLink(LinkType.AtmRfc1483Bsd, Snap),
        OfLink(LinkType.EncOpenBsd, [0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0, .. Ip]),
        OfLink(LinkType.PatchedAtmClip, Ip),
        OfLink(LinkType.SuseAtmClip, Ip),
        OfLink(LinkType.OldAtmClip, Ip),
        OfLink(LinkType.OldCiscoHdlc, [0x0f, 0, 8, 0, .. Ip]),
        OfLink(LinkType.TokenRing, [0x10, 0x40, .. addresses, .. Snap]),
        OfLink(LinkType.TokenRing, [0x10, 0x40, .. Mac(1), 0x82, 0, 0, 0, 0, 2, 6, 0x30, 0, 1, 0, 2, .. Snap]),
        OfLink(LinkType.Arcnet, [1, 2, 212, 0, 0, 7, .. Ip]),
        OfLink(LinkType.Arcnet, [1, 2, 212, 0xff, 0xff, 0xff, 212, 0, 0, 7, .. Ip]),
        OfLink(LinkType.Slip, [.. new byte[16], .. Ip], isForeign: true),
        OfLink(LinkType.Ppp, Ppp),
        OfLink(LinkType.Ppp, [0xff, 3, 0, 0x3d, 0xc0, 0, 0, 1, 0, 0x21, .. Ip], isForeign: true),
        OfLink(LinkType.Ppp, [0xff, 3, 0, 0x31, 0, 1, .. Ethernet]),
        OfLink(LinkType.Fddi, [0x51, .. addresses, .. Snap]),
        OfLink(LinkType.RawBsd, Ip),
        OfLink(LinkType.RawOpenBsd, Ip),
        OfLink(LinkType.OldPfLog, [2, 0, 0, 0, .. new byte[24], .. Ip], isForeign: true),
        OfLink(LinkType.PppSerial, [0x0f, 0, 8, 0, .. Ip]),
        OfLink(LinkType.PppSerial, Ppp),
        OfLink(LinkType.PppEther, [0x11, 0, 0, 1, 0, 44, 0, 0x21, .. Ip]),
        OfLink(LinkType.SymantecFirewall, [.. new byte[6], 8, 0, .. new byte[36], .. Ip]),
        OfLink(LinkType.AtmRfc1483, Snap),
        OfLink(LinkType.AtmRfc1483, [0xaa, 0xaa, 3, 0, 0x80, 0xc2, 0, 7, 0, 0, .. Ethernet]),
        OfLink(LinkType.AtmRfc1483, Ip, isForeign: true),
        OfLink(LinkType.Raw, Ip),
        OfLink(LinkType.SlipBsdOs, [.. new byte[24], .. Ip], isForeign: true),
        OfLink(LinkType.PppBsdOs, [.. new byte[5], 0, 0x21, .. new byte[17], .. Ip], isForeign: true),
        OfLink(LinkType.CiscoHdlc, [0x0f, 0, 8, 0, .. Ip]),
        OfLink(LinkType.Wifi, Wifi),
        OfLink(LinkType.Wifi, [0x88, 1, .. Wifi[2..24], 0x80, 0, .. addresses, 0, 52, .. Snap]),
        OfLink(LinkType.Wifi, [0x88, 3, .. Wifi[2..24], .. Mac(4), 0, 1, 0, 31, 1, 0, 0, 0, .. Snap]),
        OfLink(LinkType.Wifi, [0x88, 3, .. Wifi[2..24], .. Mac(4), 0, 1, 2, 31, 1, 0, 0, 0, .. addresses, .. Snap]),
        OfLink(LinkType.AtmClip, Ip),
        OfLink(LinkType.AtmClip, Snap, isForeign: true),
        OfLink(LinkType.FrameRelay, relay),
        OfLink(LinkType.FrameRelay, [0x18, 0x41, 3, 0, 0x80, 0, 0, 0, 8, 0, .. Ip]),
        OfLink(LinkType.FrameRelay, [0x18, 0x41, 3, 0, 0x80, 0, 0x80, 0xc2, 0, 7, .. Ethernet]),
        OfLink(LinkType.FrameRelay, [0x18, 0x41, 3, 0, 0x80, 0, 0x80, 0xc2, 0, 1, .. Ethernet, .. fcs]),
        OfLink(LinkType.FrameRelay, [0x18, 0x41, 3, 0xcf, 0, 0x21, .. Ip]),
        OfLink(LinkType.FrameRelay, [0x18, 0x41, 8, 0, .. Ip]),
        OfLink(LinkType.FrameRelay, [0x18, 0x40, 0x10, 0x41, 3, 0xcc, .. Ip]),
        OfLink(LinkType.OpenBsdLoopback, [0, 0, 0, 2, .. Ip]),
        OfLink(LinkType.Enc, [0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0, 0, .. Ip]),
        OfLink(LinkType.Enc, [2, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, .. Ip], isForeign: true),
        OfLink(LinkType.LinuxCooked, [0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, .. Ip]),
        OfLink(LinkType.LinuxCooked, [0, 0, 3, 2, 0, 6, .. new byte[8], 0, 0, .. relay]),
        OfLink(LinkType.LinuxCooked, [0, 0, 3, 0x23, 0, 6, .. new byte[8], 0, 4, 0, 0, 8, 0, 0, 0, 0, 0, .. Wifi]),
        OfLink(LinkType.PfLog, [61, 2, 0, 0, .. "em0"u8, .. new byte[57], .. Ip]),
        OfLink(LinkType.WifiPrism, [0x44, 0, 0, 0, 144, 0, 0, 0, .. new byte[136], .. Wifi]),
        OfLink(LinkType.WifiPrism, [0x80, 0x21, 0x10, 1, 0, 0, 0, 64, .. new byte[56], .. Wifi]),
        OfLink(LinkType.IpOverFibreChannel, [.. new byte[16], .. Snap]),
        OfLink(LinkType.SunAtm, [2, 0, 0, 9, .. Snap]),
        OfLink(LinkType.SunAtm, [1, 0, 0, 9, 0, 1, .. Ethernet], isForeign: true),
        OfLink(LinkType.WifiRadiotap, [0, 0, 8, 0, 0, 0, 0, 0, .. Wifi]),
        OfLink(LinkType.Tzsp, [1, 0, 0, 1, 1, .. Ethernet]),
        OfLink(LinkType.ArcnetLinux, [1, 2, 0xa0, 0, 212, 0, 0, 7, .. Ip]),
        OfLink(LinkType.ArcnetLinux, [1, 2, 0xa0, 0, 240, .. Ip]),
        OfLink(LinkType.FireWire, [.. new byte[16], 8, 0, .. Ip]),
        OfLink(LinkType.Docsis, [0, 0, .. Frame.Big16(Ethernet.Length), 0, 0, .. Ethernet], isForeign: true),
        OfLink(LinkType.Docsis, [1, 4, .. Frame.Big16(Ethernet.Length + 4), 0, 0, 0, 0, 0, 0, .. Ethernet],
            isForeign: true),
        OfLink(LinkType.User2, pktap, isForeign: true),
        OfLink(LinkType.WifiAvs, [0x80, 0x21, 0x10, 1, 0, 0, 0, 64, .. new byte[56], .. Wifi]),
        OfLink(LinkType.PppPppd, [0, 3, 0, 0x21, .. Ip], isForeign: true),
        OfLink(LinkType.MultilinkFrameRelay, [0xc0, 1, .. relay], isForeign: true),
        OfLink(LinkType.Ppi, [0, 0, 8, 0, 105, 0, 0, 0, .. Wifi]),
        OfLink(LinkType.Erf, [.. new byte[8], 2, 4, 0, 82, 0, 0, 0, 62, 0, 0, .. Ethernet, .. fcs], isForeign: true),
        OfLink(LinkType.PppWithDirection, [0, .. Ppp]),
        OfLink(LinkType.CiscoHdlcWithDirection, [1, 0x0f, 0, 8, 0, .. Ip], isForeign: true),
        OfLink(LinkType.FrameRelayWithDirection, [0, .. relay], isForeign: true),
        OfLink(LinkType.Mpls, [.. label, .. Ip], isForeign: true),
        OfLink(LinkType.IpNet, [1, 2, 0, 0, 0, 0, 0, 42, .. new byte[16], .. Ip]),
        OfLink(LinkType.Ipv4, Ip),
        OfLink(LinkType.NfLog, [2, 0, 0, 0, .. nflog]),
        OfLink(LinkType.NfLog, [2, 0, 0, 0, .. nflogBig], isForeign: true),
        OfLink(LinkType.NfLog, [7, 0, 0, 0, .. nflog], isForeign: true),
        OfLink(LinkType.NetAnalyzer, [0, 0, 0, 0, .. Ethernet, .. fcs], isForeign: true),
        OfLink(LinkType.NetAnalyzerTransparent, [0, 0, 0, 0, .. preamble, .. Ethernet, .. fcs], isForeign: true),
        OfLink(LinkType.IpOverInfiniBand, [.. new byte[40], 8, 0, 0, 0, .. Ip]),
        OfLink(LinkType.InfiniBand, [0, 2, .. new byte[6], 0x64, .. new byte[19], 8, 0, 0, 0, .. Ip], isForeign: true),
        OfLink(LinkType.InfiniBand, [0, 3, .. new byte[46], 0x64, .. new byte[19], 8, 0, 0, 0, .. Ip], isForeign: true),
        OfLink(LinkType.Pktap, pktap),
        OfLink(LinkType.Epon, [0x55, 0x55, 0xd5, 0x55, 0x55, 0, 1, 0, .. Ethernet], isForeign: true),
        OfLink(LinkType.EthernetMpacket, [.. preamble, .. Ethernet, .. fcs], isForeign: true),
        OfLink(LinkType.LinuxCooked2, [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, .. Ip]),
        OfLink(LinkType.BroadcomTag, [.. addresses, 0x20, 0, 0, 1, 8, 0, .. Ip], isForeign: true),
        OfLink(LinkType.BroadcomTagBefore, [0x20, 0, 0, 1, .. Ethernet], isForeign: true),
        OfLink(LinkType.Dsa, [.. addresses, 0xc0, 8, 0, 0, 8, 0, .. Ip], isForeign: true),
        OfLink(LinkType.EtherDsa, [.. addresses, 0xda, 0xda, 0, 0, 0xc0, 8, 0, 0, 8, 0, .. Ip], isForeign: true),
    ];

    static byte[] Length(int value) => [(byte)value, (byte)(value >> 8)];
}
