using ServeFlow.Packets;
using static ServeFlow.Tests.Packets.Openers.OpenerFrame;

namespace ServeFlow.Tests.Packets.Openers;

/// <summary>A packet for each of Juniper's link types.</summary>
static class JuniperFrames
{
    static readonly byte[] magic = [0x4d, 0x47, 0x43, 0];
    static readonly byte[] extended = [0x4d, 0x47, 0x43, 0x80, 0, 3, 3, 1, 6];

    /// <summary>Cookies are of eight bytes at most, and the frame behind them says what it is.</summary>
    static readonly (LinkType Type, byte[] Frame)[] guessed =
    [
        (LinkType.JuniperMlppp, [0, 0x21, .. Ip]),
        (LinkType.JuniperMlfr, [0, 1, 3, 0xcc, .. Ip]),
        (LinkType.JuniperEs, [.. new byte[16], .. Ip]),
        (LinkType.JuniperGgsn, [1, 0, 2, 0, 0, 0, 0, 0, .. Ip]),
        (LinkType.JuniperMfr, [0, 0, 0, 1, 3, 0xcc, .. Ip]),
        (LinkType.JuniperAtm2, [0, 0, 0, 9, 0, 0, 0, 0, .. Snap]),
        (LinkType.JuniperServices, [1, 0, 0, 1, 0, 0, 0, 2, .. Ip]),
        (LinkType.JuniperAtm1, [0, 0, 0, 9, .. Snap]),
        (LinkType.JuniperMonitor, [1, 0, 0, 2, 0, 0, 0, 1, .. Ip]),
        (LinkType.JuniperVoice, Ip),
        (LinkType.JuniperIsm, Ip),
        (LinkType.JuniperSecure, Ip),
        (LinkType.JuniperVirtual, Ip),
        (LinkType.JuniperSrx, Ip),
        (LinkType.JuniperAtmCemic, [0, 0, 0, 9, 0, 0, 0, 0, .. Ppp]),
    ];

    public static IEnumerable<OpenerFrame> All =>
    [
        OfLink(LinkType.JuniperPppoe, [.. magic, .. Ethernet]),
        OfLink(LinkType.JuniperPppoeAtm, [.. magic, 0x88, 0x64, 0x11, 0, 0, 1, 0, 44, 0, 0x21, .. Ip], isForeign: true),
        OfLink(LinkType.JuniperEther, [.. magic, .. Ethernet]),
        OfLink(LinkType.JuniperEther, [.. extended, .. Ethernet]),
        OfLink(LinkType.JuniperEther, [0x4d, 0x47, 0x43, 2, 0, 0, 0, 2, .. Ip], isForeign: true),
        OfLink(LinkType.JuniperPpp, [.. magic, .. Ppp]),
        OfLink(LinkType.JuniperFrameRelay, [.. magic, 0x18, 0x41, 3, 0xcc, .. Ip]),
        OfLink(LinkType.JuniperCiscoHdlc, [.. magic, 0x0f, 0, 8, 0, .. Ip]),
        .. guessed.Select(entry => OfLink(entry.Type, [.. magic, .. entry.Frame], isForeign: true)),
    ];
}
