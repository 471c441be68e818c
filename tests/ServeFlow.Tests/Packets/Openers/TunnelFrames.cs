using static ServeFlow.Tests.Packets.Openers.OpenerFrame;

namespace ServeFlow.Tests.Packets.Openers;

/// <summary>A packet for every tunnel over IP and UDP.</summary>
static class TunnelFrames
{
    static readonly byte[] label = [0, 1, 1, 64];
    static readonly byte[] inTeredo = Frame.Ipv6("2001:0:1::1", "2001:0:2::2", 4, Ip);

    /// <summary>As access points send it: the two bytes of the frame control are exchanged.</summary>
    static readonly byte[] swapped = [1, 8, .. Wifi[2..]];

    public static IEnumerable<OpenerFrame> All =>
    [
        OfProtocol(4, Ip),
        OfProtocol(41, Frame.Ipv6("2001:db8::1", "2001:db8::2", 4, Ip)),
        OfProtocol(47, [0, 0, 8, 0, .. Ip]),
        OfProtocol(47, [0, 0, 0x88, 0xbe, .. Ethernet], isForeign: true),
        OfProtocol(47, [0x20, 1, 0x64, 0, 0, 56, 1, 0, .. Ethernet]),
        OfProtocol(47, [0, 0, 0x82, 0x10, .. Wifi], isForeign: true),
        OfProtocol(47, [0, 0, 0x88, 0x3e, 0, 0, 0, 0, .. Ip]),
        OfProtocol(47, [0, 0, 0x88, 0x3e, .. Ip]),
        OfProtocol(47, [0, 0, 0x65, 0x59, 0x18, 0x41, 3, 0xcc, .. Ip]),
        OfProtocol(47, [0x40, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 4, 1, 2, 3, 4, 0, 0, 0, 0, .. Ip]),
        OfProtocol(47, [0x20, 0, 0x65, 0x58, 0, 0, 9, 1, .. Ethernet]),
        OfProtocol(94, Ip, isForeign: true),
        OfProtocol(97, [0x30, 0, .. Ethernet]),
        OfProtocol(103, [0x21, 0, 0, 0, 0, 0, 0, 0, .. Ip]),
        OfProtocol(115, [0, 0, 0, 9, .. Ethernet], isForeign: true),
        OfProtocol(115, [0, 0, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, .. Ethernet], isForeign: true),
        OfProtocol(115, [0, 0, 0, 9, 1, 2, 3, 4, .. Ppp], isForeign: true),
        OfProtocol(137, [.. label, .. Ip]),
        OfProtocol(143, Ethernet),
        OfProtocol(51, [4, 4, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1, .. new byte[12], .. Ip]) with { Number = 4 },
        OfPort(434, [4, 4, 0, 0, .. Ip]),
        OfPort(1701, [0, 2, 0, 1, 0, 2, .. Ppp]),
        OfPort(1701, [0x48, 2, 0, 58, 0, 1, 0, 2, 0, 3, 0, 4, .. Ppp], isAnswer: true),
        OfPort(1701, [2, 2, 0, 1, 0, 2, 0, 2, 0, 0, 0x21, .. Ip], isForeign: true),
        OfPort(1701, [0, 3, 0, 0, 0, 0, 0, 9, .. Ethernet], isForeign: true),
        OfPort(2152, [0x30, 255, 0, 42, 0, 0, 0, 1, .. Ip]),
        OfPort(2152, [0x34, 255, 0, 50, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0x10, 9, 0, .. Ip], isAnswer: true),
        OfPort(2152, [0x30, 255, 0, 56, 0, 0, 0, 1, .. Ethernet], isForeign: true),
        OfPort(2268, [6, 0, .. Ip]),
        OfPort(3386, [0x1e, 255, 0, 42, .. new byte[16], .. Ip], isForeign: true),
        OfPort(3544, inTeredo),
        OfPort(3544, [0, 1, 0, 0, .. new byte[9], 0, 0, 1, 2, 3, 4, 5, 6, .. inTeredo], isAnswer: true),
        OfPort(4341, [0x08, 0, 0, 0, 0, 0, 9, 0, .. Ip]),
        OfPort(4342, [0x80, 0, 0, 0, .. Ip]),
        OfPort(4754, [0, 0, 8, 0, .. Ip]),
        OfPort(4789, [8, 0, 0, 0, 0, 0, 42, 0, .. Ethernet]),
        OfPort(4789, [0x88, 0, 0, 9, 0, 0, 42, 0, .. Ethernet]),
        OfPort(4790, [0x0c, 0, 0, 1, 0, 0, 42, 0, .. Ip]),
        OfPort(4790, [0x0c, 0, 0, 3, 0, 0, 42, 0, .. Ethernet]),
        OfPort(4790, [0x0c, 0, 0, 4, 0, 0, 42, 0, 0, 2, 2, 1, 0, 0, 1, 2, .. Ip]),
        OfPort(5072, [0x41, 0x52, 0x11, 4, 0, 0, 0, 0, .. new byte[16 + 20], .. Ip], isForeign: true),
        OfPort(5247, [0, 0x10, 1, 0, 0, 0, 0, 0, .. swapped], isForeign: true),
        OfPort(5247, [0, 0x10, 0x03, 0, 0, 0, 0, 0, .. swapped]),
        OfPort(5247, [0, 0x10, 0x02, 0, 0, 0, 0, 0, .. Ethernet], isAnswer: true),
        OfPort(6080, [0, 4, 0, 0, .. Ip], isForeign: true),
        OfPort(6080, Ip, isForeign: true),
        OfPort(6081, [0, 0, 0x65, 0x58, 0, 0, 42, 0, .. Ethernet]),
        OfPort(6081, [2, 0, 8, 0, 0, 0, 42, 0, 1, 2, 3, 1, 0, 0, 0, 0, .. Ip]),
        OfPort(6635, [.. label, .. Ip]),
        OfPort(8472, [8, 0, 0, 0, 0, 0, 42, 0, .. Ethernet], isForeign: true),
        OfPort(12222, [0, 0, 0, 56, 0, 0, .. swapped], isForeign: true),
        OfPort(30030, [0, 0, 0, 1, 0, 0, 0, 2, .. Ip]),
        OfPort(37008, [1, 0, 0, 1, 10, 1, 0xc0, 1, .. Ethernet]),
        OfPort(37008, [1, 0, 0, 18, 1, .. Wifi]),
    ];
}
