using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Packets;

public sealed class TransportLayerTests
{
    static byte[] Ip(int protocol, byte[] segment, int? totalLength = null) =>
        Frame.Ipv4("10.0.0.1", "10.0.0.2", protocol, segment, totalLength: totalLength);

    static Decoded Raw(byte[] bytes) => Decoded.From(bytes, LinkType.Raw);

    [Fact]
    public void Decode_Tcp_GivesEveryField()
    {
        var headers = Raw(Ip(6, Frame.Tcp(443, 5555, 0x12, 0xfffffff0, 77, new byte[12], [1, 2, 3, 4]))).Headers;

        Assert.Equal((443, 5555), (headers.SourcePort, headers.DestinationPort));
        Assert.Equal((0xfffffff0u, 77u, 0x12), (headers.TcpSequence, headers.TcpAcknowledgement, headers.TcpFlags));
        Assert.Equal((20, 32, 4), (headers.TransportOffset, headers.TransportLength, headers.PayloadLength));
    }

    [Fact]
    public void Decode_Udp_GivesPortsAndPayload()
    {
        var headers = Raw(Ip(17, Frame.Udp(53, 5555, [1, 2, 3]))).Headers;

        Assert.Equal((53, 5555, 8, 3),
            (headers.SourcePort, headers.DestinationPort, headers.TransportLength, headers.PayloadLength));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(58)]
    public void Decode_Icmp_PutsTypeAndCodeInThePorts(int protocol)
    {
        var headers = Raw(Ip(protocol, Frame.Icmp(3, 13, [1, 2]))).Headers;

        Assert.Equal((3, 13, 8, 2),
            (headers.SourcePort, headers.DestinationPort, headers.TransportLength, headers.PayloadLength));
    }

    [Fact]
    public void Decode_OtherProtocol_IsKnownByNumber()
    {
        var headers = Raw(Ip(132, new byte[12])).Headers;

        Assert.Equal((132, 0, 20, 0, 12), (headers.Protocol, headers.SourcePort, headers.TransportOffset,
            headers.TransportLength, headers.PayloadLength));
    }

    [Theory]
    [InlineData(12, 7, 80)]
    [InlineData(4, 7, 80)]
    [InlineData(3, 0, 0)]
    public void Decode_Sctp_GivesPortsWhereTheyWereCaptured(int length, int sourcePort, int destinationPort)
    {
        byte[] common = [0, 7, 0, 80, 1, 2, 3, 4, 5, 6, 7, 8];
        var headers = Raw(Ip(132, common[..length])).Headers;

        Assert.Equal((sourcePort, destinationPort, 0, length),
            (headers.SourcePort, headers.DestinationPort, headers.TransportLength, headers.PayloadLength));
    }

    [Fact]
    public void Decode_OtherProtocolWithoutPayload_HasNoTransport() =>
        Assert.Equal(0, Raw(Ip(132, [])).Headers.TransportOffset);

    [Theory]
    [InlineData(6, 19)]
    [InlineData(6, 0)]
    [InlineData(17, 7)]
    [InlineData(1, 3)]
    [InlineData(58, 0)]
    public void Decode_TransportHeaderCutBySnapLength_IsCounted(int protocol, int captured) =>
        Assert.Equal(IgnoreReason.TransportHeaderCut, Raw(Ip(protocol, new byte[40])[..(20 + captured)]).Why);

    [Theory]
    [InlineData(6, 19)]
    [InlineData(17, 7)]
    [InlineData(1, 3)]
    public void Decode_NoRoomForTheTransportHeader_IsCounted(int protocol, int length) =>
        Assert.Equal(IgnoreReason.TransportHeaderShort, Raw(Ip(protocol, new byte[40], 20 + length)).Why);

    [Theory]
    [InlineData(0x40, 20)]
    [InlineData(0xf0, 30)]
    public void Decode_TcpHeaderLengthThatCannotBe_IsFlagged(byte lengthByte, int expected)
    {
        var segment = Frame.Tcp(1, 2, payload: new byte[10]);
        segment[12] = lengthByte;

        var headers = Raw(Ip(6, segment)).Headers;

        Assert.Equal((expected, 30 - expected), (headers.TransportLength, headers.PayloadLength));
        Assert.Equal(PacketOddities.BadTcpHeaderLength, headers.Oddities);
    }

    [Fact]
    public void Decode_TcpOptionsCutBySnapLength_KeepsWhatIsThere()
    {
        var bytes = Ip(6, Frame.Tcp(1, 2, options: new byte[12], payload: new byte[100]));

        var headers = Decoded.From(bytes.AsSpan(0, 48), LinkType.Raw, bytes.Length).Headers;

        Assert.Equal((28, 100), (headers.TransportLength, headers.PayloadLength));
        Assert.Equal(PacketOddities.TcpOptionsCut, headers.Oddities);
    }

    [Fact]
    public void Decode_UdpLengthThatContradictsIp_IsFlagged()
    {
        var segment = Frame.Udp(1, 2, new byte[10]);
        segment[5] = 9;

        var headers = Raw(Ip(17, segment)).Headers;

        Assert.Equal(10, headers.PayloadLength);
        Assert.Equal(PacketOddities.BadUdpLength, headers.Oddities);
    }
}
