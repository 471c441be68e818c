using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Packets;

public sealed class LinkTagTests
{
    const string Tuple = "10.0.0.1:1234>10.0.0.2:80/6";
    static readonly byte[] Ip = Frame.SimpleIp();

    static byte[] Label(bool last) => [0, 1, last ? (byte)1 : (byte)0, 64];

    [Theory]
    [InlineData(0x8100)]
    [InlineData(0x88a8)]
    [InlineData(0x9100)]
    public void Decode_Vlan_GivesItsId(int type)
    {
        var decoded = Decoded.From(Frame.Ethernet(type, Frame.Vlan(0xe000 | 77, Frame.Ip4, Ip)));

        Assert.Equal(Tuple, decoded.Tuple);
        Assert.Equal(77, decoded.Headers.Vlan);
    }

    [Fact]
    public void Decode_TwoVlans_GivesTheOuterId()
    {
        var decoded = Decoded.From(Frame.Ethernet(0x88a8, Frame.Vlan(5, 0x8100, Frame.Vlan(6, Frame.Ip4, Ip))));

        Assert.Equal(Tuple, decoded.Tuple);
        Assert.Equal(5, decoded.Headers.Vlan);
    }

    [Fact]
    public void Decode_EndlessVlans_IsCounted()
    {
        var bytes = Ip;
        for (var i = 0; i < 20; i++)
        {
            bytes = Frame.Vlan(i, i == 0 ? Frame.Ip4 : 0x8100, bytes);
        }

        Assert.Equal(IgnoreReason.TooManyTags, Decoded.From(Frame.Ethernet(0x8100, bytes)).Why);
    }

    [Fact]
    public void Decode_VlanCut_IsCounted() =>
        Assert.Equal(IgnoreReason.LinkHeaderCut, Decoded.From(Frame.Ethernet(0x8100, [0, 1, 8])).Why);

    [Fact]
    public void Decode_MplsStack_GuessesIp()
    {
        var decoded = Decoded.From(Frame.Ethernet(0x8847, [.. Label(false), .. Label(true), .. Ip]));

        Assert.Equal(Tuple, decoded.Tuple);
        Assert.Equal((TunnelKind.Mpls, 1), (decoded.Headers.Tunnel, decoded.Headers.TunnelDepth));
        Assert.Equal(default, decoded.Headers.Outer);
    }

    [Fact]
    public void Decode_MplsPseudowire_FindsTheFrameInside()
    {
        var bytes = Frame.Ethernet(0x8847, [.. Label(true), 0, 0, 0, 0, .. Frame.Simple()]);

        Assert.Equal(Tuple, Decoded.From(bytes).Tuple);
    }

    [Fact]
    public void Decode_MplsWithoutBottom_IsCounted() =>
        Assert.Equal(IgnoreReason.TooManyTags, Decoded.From(Frame.Ethernet(0x8847, new byte[100])).Why);

    [Fact]
    public void Decode_Pppoe_FindsTheTuple()
    {
        var decoded = Decoded.From(Frame.Ethernet(0x8864, [0x11, 0, 0, 1, 0, 42, 0, 0x21, .. Ip]));

        Assert.Equal(Tuple, decoded.Tuple);
        Assert.Equal((TunnelKind.Pppoe, 1), (decoded.Headers.Tunnel, decoded.Headers.TunnelDepth));
    }

    [Fact]
    public void Decode_PppoeControl_IsCounted() =>
        Assert.Equal(IgnoreReason.NotIp, Decoded.From(Frame.Ethernet(0x8864, [0x11, 0, 0, 1, 0, 42, 0xc0, 0x21])).Why);
}
