namespace ServeFlow.Tests.Packets;

/// <summary>One packet of every shape that the decoder knows: where random changes begin.</summary>
static class FrameSeeds
{
    static readonly byte[] Ip = Frame.SimpleIp([1, 2, 3]);

    public static IReadOnlyList<byte[]> All { get; } =
    [
        Frame.Simple([1, 2, 3, 4]),
        Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.1", "10.0.0.2", 17, Frame.Udp(53, 53, new byte[30]))),
        Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.1", "10.0.0.2", 1, Frame.Icmp(8, 0, new byte[30]))),
        Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.1", "10.0.0.2", 6, Frame.Tcp(1, 2, options: new byte[20]), 0, null,
            new byte[12])),
        Frame.Ethernet(Frame.Ip6, Frame.Ipv6("::1", "::2", 58, Frame.Icmp(128, 0, []))),
        Frame.Ethernet(Frame.Ip6, Frame.Ipv6("::1", "::2", 0, Frame.Extension(43, 8, Frame.Extension(44, 16,
            Frame.Fragment6(60, 0, Frame.Extension(6, 24, Frame.Tcp(1, 2))))))),
        Frame.Ethernet(0x88a8, Frame.Vlan(1, 0x8100, Frame.Vlan(2, 0x8864, [0x11, 0, 0, 1, 0, 9, 0, 0x21, .. Ip]))),
        Frame.Ethernet(0x8847, [0, 1, 0, 64, 0, 1, 1, 64, 0, 0, 0, 0, .. Frame.Simple()]),
        Frame.Ethernet(40, [0xaa, 0xaa, 3, 0, 0, 0, 8, 0, .. Ip]),
        Tunnel(47, [0xb0, 0, 0x65, 0x58, 1, 2, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1, .. Frame.Simple()]),
        Tunnel(47, [0x30, 0x81, 0x88, 0x0b, 0, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0xff, 3, 0, 0x21, .. Ip]),
        Tunnel(17, Frame.Udp(1, 4789, [8, 0, 0, 0, 0, 0, 42, 0, .. Frame.Simple()])),
        Tunnel(17, Frame.Udp(1, 2152,
            [0x34, 255, 0, 42, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0x10, 9, 0x85, 1, 1, 1, 0, .. Ip])),
        Tunnel(4, Frame.Ipv4("1.1.1.1", "2.2.2.2", 41, Frame.Ipv6("::1", "::2", 47, [0, 0, 8, 0, .. Ip]))),
    ];

    static byte[] Tunnel(int protocol, byte[] payload) =>
        Frame.Ethernet(Frame.Ip4, Frame.Ipv4("192.0.2.1", "192.0.2.2", protocol, payload));
}
