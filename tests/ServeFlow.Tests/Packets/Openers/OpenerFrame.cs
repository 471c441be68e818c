using ServeFlow.Packets;
using ServeFlow.Packets.Headers;
using ServeFlow.Packets.Headers.Links;

namespace ServeFlow.Tests.Packets.Openers;

/// <summary>A packet made by hand that one row of the table of openers opens.</summary>
/// <param name="IsForeign">Whether tshark 4.0 decodes it otherwise, or not at all.</param>
sealed record OpenerFrame(OpenerKey Key, int Number, LinkType LinkType, byte[] Bytes, bool IsForeign = false)
{
    /// <summary>What every one of these packets holds in the end.</summary>
    public const string Tuple = "10.0.0.1:1234>10.0.0.2:80/6";

    public static readonly byte[] Ip = Frame.SimpleIp([1, 2]);
    public static readonly byte[] Ethernet = Frame.Simple([1, 2]);
    public static readonly byte[] Snap = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0, .. Ip];
    public static readonly byte[] Wifi = [8, 1, 0, 0, .. Mac(1), .. Mac(2), .. Mac(3), 0, 0, .. Snap];
    public static readonly byte[] Ppp = [0xff, 3, 0, 0x21, .. Ip];

    public static IReadOnlyList<OpenerFrame> All { get; } =
        [.. LinkFrames.All, .. JuniperFrames.All, .. TagFrames.All, .. TunnelFrames.All];

    public static OpenerFrame OfLink(LinkType linkType, byte[] bytes, bool isForeign = false) =>
        new(OpenerKey.LinkType, (int)linkType, linkType, bytes, isForeign);

    public static OpenerFrame OfTag(EtherType type, byte[] behind, bool isForeign = false) =>
        new(OpenerKey.EtherType, (int)type, LinkType.Ethernet, Frame.Ethernet((int)type, behind), isForeign);

    public static OpenerFrame OfProtocol(int protocol, byte[] payload, bool isForeign = false) =>
        new(OpenerKey.Protocol, protocol, LinkType.Ethernet,
            Frame.Ethernet(Frame.Ip4, Frame.Ipv4("192.0.2.1", "192.0.2.2", protocol, payload)), isForeign);

    public static OpenerFrame OfPort(int port, byte[] payload, bool isAnswer = false, bool isForeign = false)
    {
        var udp = isAnswer ? Frame.Udp(port, 40000, payload) : Frame.Udp(40000, port, payload);
        var key = OpenerTable.Rows.Single(row =>
            row.Number == port && (row.Key is OpenerKey.UdpPort or OpenerKey.UdpEitherPort)).Key;
        return new(key, port, LinkType.Ethernet,
            Frame.Ethernet(Frame.Ip4, Frame.Ipv4("192.0.2.1", "192.0.2.2", 17, udp)), isForeign);
    }

    public static byte[] Mac(byte last) => [2, 0, 0, 0, 0, last];

    public override string ToString() => $"{Key} {Number} ({LinkType}, {Bytes.Length} bytes)";
}
