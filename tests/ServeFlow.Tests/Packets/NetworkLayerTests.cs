using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Packets;

public sealed class NetworkLayerTests
{
    static readonly byte[] Segment = Frame.Tcp(1234, 80, payload: [1, 2, 3]);

    static byte[] Ipv4(byte[]? options = null, int? totalLength = null, int fragment = 0) =>
        Frame.Ipv4("10.0.0.1", "10.0.0.2", 6, Segment, fragment, totalLength, options);

    static byte[] Ipv6(int next, byte[] payload, int? length = null) =>
        Frame.Ipv6("2001:db8::1", "2001:db8::2", next, payload, length);

    static Decoded Raw(byte[] bytes, int? original = null) => Decoded.From(bytes, LinkType.Raw, original);

    [Fact]
    public void Decode_Ipv4WithOptions_FindsTheTransportBehindThem()
    {
        var headers = Raw(Ipv4(new byte[8])).Headers;

        Assert.Equal((28, 28, 20), (headers.NetworkLength, headers.TransportOffset, headers.TransportLength));
        Assert.Equal((51, 3), (headers.IpLength, headers.PayloadLength));
    }

    [Fact]
    public void Decode_FramePadding_IsNoPayload()
    {
        var headers = Decoded.From([.. Frame.Ethernet(Frame.Ip4, Ipv4()), 0, 0, 0, 0]).Headers;

        Assert.Equal(3, headers.PayloadLength);
        Assert.Equal(PacketOddities.TrailingBytes, headers.Oddities);
    }

    [Fact]
    public void Decode_TotalLengthZero_TakesTheLengthOnTheWire()
    {
        var headers = Raw(Ipv4(totalLength: 0), original: 3000).Headers;

        Assert.Equal((3000, 2960), (headers.IpLength, headers.PayloadLength));
        Assert.Equal(PacketOddities.ZeroIpLength, headers.Oddities);
    }

    [Fact]
    public void Decode_TotalLengthBelowTheHeader_TakesTheLengthOnTheWire()
    {
        var headers = Raw(Ipv4(totalLength: 12)).Headers;

        Assert.Equal(43, headers.IpLength);
        Assert.Equal(PacketOddities.BadIpLength, headers.Oddities);
    }

    [Fact]
    public void Decode_HeaderLengthBelowTwenty_IsReadAsTwenty()
    {
        var bytes = Ipv4();
        bytes[0] = 0x43;

        var decoded = Raw(bytes);

        Assert.Equal("10.0.0.1:1234>10.0.0.2:80/6", decoded.Tuple);
        Assert.Equal(PacketOddities.BadIpHeaderLength, decoded.Headers.Oddities);
    }

    [Fact]
    public void Decode_SnapLengthCutsThePayload_KeepsTheLengthOfTheWire()
    {
        var bytes = Ipv4(totalLength: 1500)[..40];

        Assert.Equal(1460, Raw(bytes, original: 1500).Headers.PayloadLength);
    }

    [Theory]
    [InlineData(0x2000, false)]
    [InlineData(0x4000, false)]
    [InlineData(0x0010, true)]
    [InlineData(0x2010, true)]
    public void Decode_Fragment_OnlyTheFirstCarriesPorts(int fragment, bool isLater)
    {
        var headers = Raw(Ipv4(fragment: fragment)).Headers;

        Assert.Equal(isLater, headers.IsLaterFragment);
        Assert.Equal(isLater ? (0, 0, 23) : (1234, 20, 3),
            (headers.SourcePort, headers.TransportOffset, headers.PayloadLength));
    }

    [Fact]
    public void Decode_Ipv6Extensions_AreWalked()
    {
        var chain = Frame.Extension(43, 8, Frame.Extension(60, 16, Frame.Fragment6(51, 0,
            [6, 4, 0, 0, .. new byte[20], .. Segment])));

        var headers = Raw(Ipv6(0, chain)).Headers;

        Assert.Equal((6, 1234), (headers.Protocol, headers.SourcePort));
        Assert.Equal((40, 40 + 8 + 16 + 8 + 24), (headers.NetworkLength, headers.TransportOffset));
        Assert.Equal(3, headers.PayloadLength);
    }

    /// <summary>Shim6 stands before a payload where its flag is set; else it is a message of its own (RFC 5533).
    /// </summary>
    [Theory]
    [InlineData(0x80, 6, 1234)]
    [InlineData(0x00, 140, 0)]
    public void Decode_Shim6_IsWalkedBeforeAPayload(int flag, int protocol, int port)
    {
        var headers = Raw(Ipv6(140, [6, 0, (byte)flag, 0, 0, 0, 0, 1, .. Segment])).Headers;

        Assert.Equal((protocol, port), (headers.Protocol, headers.SourcePort));
    }

    [Fact]
    public void Decode_Ipv6LaterFragment_IsFlagged()
    {
        var headers = Raw(Ipv6(44, Frame.Fragment6(17, 3, new byte[32]))).Headers;

        Assert.True(headers.IsLaterFragment);
        Assert.Equal((17, 0, 32), (headers.Protocol, headers.TransportOffset, headers.PayloadLength));
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void Decode_ManyIpv6Extensions_SixteenAreWalked(int count, bool isDecoded)
    {
        var chain = Segment;
        for (var i = 0; i < count; i++)
        {
            chain = Frame.Extension(i == 0 ? 6 : 60, 8, chain);
        }

        var decoded = Raw(Ipv6(60, chain));

        Assert.Equal(isDecoded, decoded.IsDecoded);
        Assert.Equal(isDecoded ? 0 : 1, decoded.Ignored[IgnoreReason.TooManyExtensionHeaders]);
    }

    [Fact]
    public void Decode_Ipv6PayloadLengthZero_TakesTheLengthOnTheWire()
    {
        var headers = Raw(Ipv6(6, Segment, length: 0), original: 9000).Headers;

        Assert.Equal((9000, 8940), (headers.IpLength, headers.PayloadLength));
        Assert.Equal(PacketOddities.ZeroIpLength, headers.Oddities);
    }

    [Theory]
    [InlineData(0, LinkType.Raw)]
    [InlineData(19, LinkType.Raw)]
    [InlineData(39, LinkType.Ipv6)]
    public void Decode_IpHeaderCut_IsCounted(int length, LinkType linkType)
    {
        var bytes = linkType == LinkType.Ipv6 ? Ipv6(6, Segment) : Ipv4();

        Assert.Equal(IgnoreReason.NetworkHeaderCut, Decoded.From(bytes.AsSpan(0, length), linkType).Why);
    }

    [Fact]
    public void Decode_IpOptionsCut_IsCounted() =>
        Assert.Equal(IgnoreReason.NetworkHeaderCut, Raw(Ipv4(new byte[40])[..59]).Why);

    [Fact]
    public void Decode_ExtensionCut_IsCounted() =>
        Assert.Equal(IgnoreReason.NetworkHeaderCut, Raw(Ipv6(0, Frame.Extension(6, 64, []))[..60]).Why);

    [Theory]
    [InlineData(Frame.Ip4)]
    [InlineData(Frame.Ip6)]
    public void Decode_OtherVersionThanPromised_IsCounted(ushort type) =>
        Assert.Equal(IgnoreReason.BadIpVersion, Decoded.From(Frame.Ethernet(type, [0x50, .. new byte[60]])).Why);
}
