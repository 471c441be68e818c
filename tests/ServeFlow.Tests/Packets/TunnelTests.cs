using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Packets;

public sealed class TunnelTests
{
    const string Tuple = "10.0.0.1:1234>10.0.0.2:80/6";
    static readonly byte[] Ip = Frame.SimpleIp([1, 2]);
    static readonly byte[] Ip6 = Frame.Ipv6("2001:db8::1", "2001:db8::2", 17, Frame.Udp(5, 6, [1]));

    static byte[] Outer(int protocol, byte[] payload) =>
        Frame.Ethernet(Frame.Ip4, Frame.Ipv4("192.0.2.1", "192.0.2.2", protocol, payload));

    static byte[] OuterUdp(int port, byte[] payload) => Outer(17, Frame.Udp(40000, port, payload));

    public static TheoryData<TunnelKind, byte[]> Kinds => new()
    {
        { TunnelKind.IpInIp, Outer(4, Ip) },
        { TunnelKind.Gre, Outer(47, [0, 0, 8, 0, .. Ip]) },
        { TunnelKind.Gre, Outer(47, [0x20, 0, 8, 0, 0, 0, 0, 9, .. Ip]) },
        { TunnelKind.Gre, Outer(47, [0xb0, 0, 8, 0, 1, 2, 0, 0, 0, 0, 0, 9, 0, 0, 0, 1, .. Ip]) },
        { TunnelKind.Gre, Outer(47, [0, 0, 0x65, 0x58, .. Frame.Simple([1, 2])]) },
        { TunnelKind.Gre, Outer(47, [0x30, 0x81, 0x88, 0x0b, 0, 4, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0x21, .. Ip]) },
        { TunnelKind.Vxlan, OuterUdp(4789, [8, 0, 0, 0, 0, 0, 42, 0, .. Frame.Simple([1, 2])]) },
        { TunnelKind.Vxlan, OuterUdp(8472, [8, 0, 0, 0, 0, 0, 42, 0, .. Frame.Simple([1, 2])]) },
        { TunnelKind.GtpU, OuterUdp(2152, [0x30, 255, 0, 42, 0, 0, 0, 1, .. Ip]) },
        { TunnelKind.GtpU, OuterUdp(2152, [0x32, 255, 0, 42, 0, 0, 0, 1, 0, 7, 0, 0, .. Ip]) },
        { TunnelKind.GtpU, OuterUdp(2152, [0x34, 255, 0, 42, 0, 0, 0, 1, 0, 0, 0, 0x85, 1, 0x10, 9, 0, .. Ip]) },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Decode_EveryKind_GivesInnerHeadersAndTheOuterTuple(TunnelKind kind, byte[] bytes)
    {
        var decoded = Decoded.From(bytes);

        Assert.Equal(Tuple, decoded.Tuple);
        Assert.Equal((kind, 1), (decoded.Headers.Tunnel, decoded.Headers.TunnelDepth));
        Assert.Equal("192.0.2.1", decoded.Headers.Outer.Source.ToString());
        Assert.Equal("192.0.2.2", decoded.Headers.Outer.Destination.ToString());
        Assert.Equal(2, decoded.Headers.PayloadLength);
        Assert.Equal(bytes.Length - Ip.Length, decoded.Headers.NetworkOffset);
        Assert.Equal(PacketOddities.None, decoded.Headers.Oddities);
    }

    /// <summary>An end may answer from its port, as Wireshark has it, although RFC 7348 has both send to it.</summary>
    [Theory]
    [InlineData(4789, TunnelKind.Vxlan, "0800000000002a00")]
    [InlineData(4790, TunnelKind.Vxlan, "0800000000002a00")]
    [InlineData(8472, TunnelKind.Vxlan, "0800000000002a00")]
    [InlineData(6081, TunnelKind.Geneve, "0000655800002a00")]
    public void Decode_OverlayFromItsPort_IsOpened(int port, TunnelKind kind, string header)
    {
        byte[] payload = [.. Convert.FromHexString(header), .. Frame.Simple([1, 2])];

        var decoded = Decoded.From(Outer(17, Frame.Udp(port, 40000, payload)));

        Assert.Equal((Tuple, kind), (decoded.Tuple, decoded.Headers.Tunnel));
        Assert.Equal("192.0.2.1:4789>192.0.2.2:40000/17",
            Decoded.From(Outer(17, Frame.Udp(4789, 40000, [8, 0, 0, 0, 0, 0, 42, 0, 1, 2, 3]))).Tuple);
    }

    [Fact]
    public void Decode_Ipv6InIpv4_FindsTheInnerTuple() =>
        Assert.Equal("2001:db8::1:5>2001:db8::2:6/17", Decoded.From(Outer(41, Ip6)).Tuple);

    [Fact]
    public void Decode_Ipv4InIpv6_FindsTheInnerTuple() =>
        Assert.Equal(Tuple,
            Decoded.From(Frame.Ethernet(Frame.Ip6, Frame.Ipv6("2001:db8::1", "2001:db8::2", 4, Ip))).Tuple);

    [Fact]
    public void Decode_FourTunnels_AreOpenedAndTheFifthIsNot()
    {
        var inside = Ip;
        for (var i = 0; i < 5; i++)
        {
            inside = Frame.Ipv4($"192.0.2.{i}", "192.0.2.99", 4, inside);
        }

        var decoded = Decoded.From(Frame.Ethernet(Frame.Ip4, inside));

        Assert.Equal(4, decoded.Headers.TunnelDepth);
        Assert.Equal("192.0.2.0", decoded.Headers.Source.ToString());
        Assert.Equal("192.0.2.4", decoded.Headers.Outer.Source.ToString());
        Assert.Equal(PacketOddities.TunnelTooDeep, decoded.Headers.Oddities);
    }

    [Theory]
    [InlineData("0000000008004500")]
    [InlineData("08000000")]
    public void Decode_NoTunnelOnItsPort_StaysWhatItIs(string payload)
    {
        var decoded = Decoded.From(OuterUdp(4789, Convert.FromHexString(payload)));

        Assert.Equal("192.0.2.1:40000>192.0.2.2:4789/17", decoded.Tuple);
        Assert.Equal((TunnelKind.None, 0), (decoded.Headers.Tunnel, decoded.Headers.TunnelDepth));
    }

    [Fact]
    public void Decode_VxlanWithoutItsIdentifierFlag_StaysTheCarrier()
    {
        var decoded = Decoded.From(OuterUdp(4789, [0xf7, 0, 0, 0, 0, 0, 42, 0, .. Frame.Simple([1, 2])]));

        Assert.Equal("192.0.2.1:40000>192.0.2.2:4789/17", decoded.Tuple);
    }

    [Fact]
    public void Decode_TunnelledArp_StaysTheCarrierAndSaysSo()
    {
        var bytes = OuterUdp(4789, [8, 0, 0, 0, 0, 0, 42, 0, .. Frame.Ethernet(0x0806, new byte[28])]);

        var decoded = Decoded.From(bytes);

        Assert.Equal("192.0.2.1:40000>192.0.2.2:4789/17", decoded.Tuple);
        Assert.Equal(PacketOddities.TunnelNotOpened, decoded.Headers.Oddities);
    }

    [Fact]
    public void Decode_GtpWithEndlessExtensions_StaysTheCarrier()
    {
        byte[] extension = [1, 0, 0, 0x85];
        var gtp = new List<byte> { 0x34, 255, 0, 42, 0, 0, 0, 1, 0, 0, 0, 0x85 };
        for (var i = 0; i < 50; i++)
        {
            gtp.AddRange(extension);
        }

        Assert.Equal(2152, Decoded.From(OuterUdp(2152, [.. gtp])).Headers.DestinationPort);
    }

    [Fact]
    public void Decode_VlanInsideVxlan_LeavesTheOuterVlan()
    {
        var inner = Frame.Ethernet(0x8100, Frame.Vlan(9, Frame.Ip4, Ip));
        var outer = Frame.Ipv4("192.0.2.1", "192.0.2.2", 17, Frame.Udp(1, 4789, [8, 0, 0, 0, 0, 0, 42, 0, .. inner]));

        Assert.Equal(7, Decoded.From(Frame.Ethernet(0x8100, Frame.Vlan(7, Frame.Ip4, outer))).Headers.Vlan);
        Assert.Equal(0, Decoded.From(Frame.Ethernet(Frame.Ip4, outer)).Headers.Vlan);
    }
}
