using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Packets;

public sealed class LinkTypeTests
{
    const string Tuple = "10.0.0.1:1234>10.0.0.2:80/6";
    const string Tuple6 = "2001:db8::1:1234>2001:db8::2:80/6";
    static readonly byte[] Ip = Frame.SimpleIp([1, 2, 3]);
    static readonly byte[] Ip6 = Frame.Ipv6("2001:db8::1", "2001:db8::2", 6, Frame.Tcp(1234, 80));

    static readonly byte[] Snap = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];

    public static TheoryData<LinkType, byte[]> Ipv4Links => new()
    {
        { LinkType.Ethernet, Frame.Ethernet(Frame.Ip4, Ip) },
        { LinkType.Ethernet, Frame.Ethernet(3 + 5 + Ip.Length, [0xaa, 0xaa, 3, 0, 0, 0, 8, 0, .. Ip]) },
        { LinkType.Ethernet, Frame.Ethernet(3 + Ip.Length, [6, 6, 3, .. Ip]) },
        { LinkType.Raw, Ip },
        { LinkType.RawBsd, Ip },
        { LinkType.RawOpenBsd, Ip },
        { LinkType.Ipv4, Ip },
        { LinkType.BsdLoopback, [2, 0, 0, 0, .. Ip] },
        { LinkType.BsdLoopback, [0, 0, 0, 2, .. Ip] },
        { LinkType.OpenBsdLoopback, [0, 0, 0, 2, .. Ip] },
        { LinkType.LinuxCooked, [0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, .. Ip] },
        { LinkType.LinuxCooked2, [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, .. Ip] },
        { LinkType.Ppp, [0xff, 3, 0, 0x21, .. Ip] },
        { LinkType.Ppp, [0, 0x21, .. Ip] },
        { LinkType.Ppp, [0x21, .. Ip] },
        { LinkType.PppSerial, [0xff, 3, 0, 0x21, .. Ip] },
        { LinkType.CiscoHdlc, [0x0f, 0, 8, 0, .. Ip] },
        { LinkType.Wifi, [8, 1, .. new byte[22], .. Snap, .. Ip] },
        { LinkType.Wifi, [8, 3, .. new byte[28], .. Snap, .. Ip] },
        { LinkType.Wifi, [0x88, 2, .. new byte[24], .. Snap, .. Ip] },
        { LinkType.Wifi, [0x88, 0x82, .. new byte[28], .. Snap, .. Ip] },
        { LinkType.WifiRadiotap, [0, 0, 9, 0, 0, 0, 0, 0, 7, 8, 1, .. new byte[22], .. Snap, .. Ip] },
        {
            LinkType.WifiRadiotap,
            [0, 0, 12, 0, 2, 0, 0, 0, 0x20, 0, 0, 0, 0x88, 2, .. new byte[24], 0, 0, .. Snap, .. Ip]
        },
    };

    public static TheoryData<LinkType, byte[]> Ipv6Links => new()
    {
        { LinkType.Ethernet, Frame.Ethernet(Frame.Ip6, Ip6) },
        { LinkType.Raw, Ip6 },
        { LinkType.Ipv6, Ip6 },
        { LinkType.BsdLoopback, [24, 0, 0, 0, .. Ip6] },
        { LinkType.BsdLoopback, [30, 0, 0, 0, .. Ip6] },
        { LinkType.OpenBsdLoopback, [0, 0, 0, 28, .. Ip6] },
        { LinkType.LinuxCooked, [0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0x86, 0xdd, .. Ip6] },
        { LinkType.Ppp, [0, 0x57, .. Ip6] },
    };

    [Theory]
    [MemberData(nameof(Ipv4Links))]
    public void Decode_Ipv4OnEveryLink_FindsTheTuple(LinkType linkType, byte[] bytes)
    {
        var decoded = Decoded.From(bytes, linkType);

        Assert.Equal(Tuple, decoded.Tuple);
        Assert.Equal(bytes.Length - Ip.Length, decoded.Headers.NetworkOffset);
        Assert.Equal(3, decoded.Headers.PayloadLength);
        Assert.Equal(0, decoded.Ignored.Total);
    }

    [Theory]
    [MemberData(nameof(Ipv6Links))]
    public void Decode_Ipv6OnEveryLink_FindsTheTuple(LinkType linkType, byte[] bytes)
    {
        var decoded = Decoded.From(bytes, linkType);

        Assert.Equal(Tuple6, decoded.Tuple);
        Assert.Equal(6, decoded.Headers.IpVersion);
    }

    [Theory]
    [InlineData(LinkType.Ethernet, 13)]
    [InlineData(LinkType.LinuxCooked, 15)]
    [InlineData(LinkType.LinuxCooked2, 19)]
    [InlineData(LinkType.BsdLoopback, 3)]
    [InlineData(LinkType.Ppp, 1)]
    [InlineData(LinkType.CiscoHdlc, 3)]
    [InlineData(LinkType.Ethernet, 0)]
    public void Decode_LinkHeaderCut_IsCounted(LinkType linkType, int length) =>
        Assert.Equal(IgnoreReason.LinkHeaderCut, Decoded.From(new byte[length], linkType).Why);

    [Theory]
    [InlineData(LinkType.Ethernet)]
    [InlineData(LinkType.LinuxCooked)]
    [InlineData(LinkType.LinuxCooked2)]
    [InlineData(LinkType.BsdLoopback)]
    [InlineData(LinkType.Ppp)]
    [InlineData(LinkType.CiscoHdlc)]
    public void Decode_NothingOfIp_IsCounted(LinkType linkType) =>
        Assert.Equal(IgnoreReason.NotIp, Decoded.From(new byte[40], linkType).Why);

    [Theory]
    [InlineData(0x80, 0)]
    [InlineData(0x08, 0x41)]
    [InlineData(0x48, 1)]
    [InlineData(0xb4, 0)]
    public void Decode_WifiWithoutReadableData_IsCounted(byte kind, byte flags) =>
        Assert.Equal(IgnoreReason.NotIp,
            Decoded.From([kind, flags, .. new byte[22], .. Snap, .. Ip], LinkType.Wifi).Why);

    [Theory]
    [InlineData("00")]
    [InlineData("0000ff0000000000")]
    [InlineData("000008000000000008")]
    [InlineData("0000080000000000080100")]
    [InlineData("00000c000200000030000000")]
    public void Decode_WifiCut_IsCounted(string hex) =>
        Assert.Equal(IgnoreReason.LinkHeaderCut, Decoded.From(Convert.FromHexString(hex), LinkType.WifiRadiotap).Why);

    [Fact]
    public void Decode_Arp_IsCounted() =>
        Assert.Equal(IgnoreReason.NotIp, Decoded.From(Frame.Ethernet(0x0806, new byte[28])).Why);

    [Fact]
    public void Decode_OtherLinkType_IsCounted() =>
        Assert.Equal(IgnoreReason.UnknownLinkType, Decoded.From(Ip, (LinkType)147).Why);
}
