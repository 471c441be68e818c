using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Packets.Openers;

/// <summary>What looks like a tunnel and is none stays the packet that it is, and is counted.</summary>
public sealed class ShutTunnelTests
{
    static readonly int[] ports =
    [
        434, 1701, 2152, 2268, 3386, 3544, 4341, 4754, 4789, 4790, 5072, 5247, 6080, 6081, 6635, 8472, 12222, 30030,
        37008,
    ];

    /// <summary>DNS, RTP, QUIC, text and noise, as other programs may send them to any port.</summary>
    static readonly byte[][] payloads =
    [
        [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, .. "www"u8, 2, .. "de"u8, 0, 0, 1, 0, 1],
        [0x80, 0x60, 0, 1, 0, 0, 0, 160, 1, 2, 3, 4, .. Enumerable.Repeat((byte)0xd5, 160)],
        [0xc3, 0, 0, 0, 1, 8, .. Enumerable.Range(0, 200).Select(i => (byte)(i * 151))],
        [.. "GET /index.html HTTP/1.1"u8],
        [.. "E a text that begins like an IPv4 header"u8],
        [0x45, 0, 0xff, 0xff, .. new byte[40]],
        [0, 0, 0, 0],
        [],
        new byte[64],
    ];

    public static TheoryData<int> Ports => [.. ports];

    [Theory]
    [MemberData(nameof(Ports))]
    public void Decode_PlainUdpOnATunnelsPort_StaysWhatItIs(int port)
    {
        foreach (var payload in payloads)
        {
            var decoded = Decoded.From(Udp(40000, port, payload));

            Assert.Equal($"192.0.2.1:40000>192.0.2.2:{port}/17", decoded.Tuple);
            Assert.Equal(TunnelKind.None, decoded.Headers.Tunnel);
            Assert.Equal((PacketOddities.TunnelNotOpened, (ushort)port),
                (decoded.Headers.Oddities, decoded.Headers.ShutPort));
        }
    }

    [Fact]
    public void Decode_PacketInsideThatIsLongerThanItsCarrier_StaysShut()
    {
        byte[] longer = [.. OpenerFrame.Ip];
        longer[3]++;

        Assert.Equal(4341, Decoded.From(Udp(40000, 4341, [0, 0, 0, 0, 0, 0, 0, 0, .. longer])).Headers.DestinationPort);
        longer[3]--;
        Assert.Equal(80, Decoded.From(Udp(40000, 4341, [0, 0, 0, 0, 0, 0, 0, 0, .. longer])).Headers.DestinationPort);
    }

    [Fact]
    public void Decode_ServersAnswerToAClientOnATunnelsPort_IsNotCounted() =>
        Assert.Equal(PacketOddities.None, Decoded.From(Udp(2152, 53, payloads[0])).Headers.Oddities);

    [Fact]
    public void Decode_PimHello_IsNotCounted() =>
        Assert.Equal(PacketOddities.None, Decoded.From(Frame.Ethernet(Frame.Ip4,
            Frame.Ipv4("192.0.2.1", "224.0.0.13", 103, [0x20, 0, 0, 0, 0, 1, 0, 2, 0, 105]))).Headers.Oddities);

    [Fact]
    public void Decode_TunnelInAFirstFragment_IsOpened()
    {
        var whole = Frame.Udp(40000, 4789, [8, 0, 0, 0, 0, 0, 42, 0, .. Frame.Simple(new byte[2000])]);
        var headers = Decoded.From(Frame.Ethernet(Frame.Ip4,
            Frame.Ipv4("192.0.2.1", "192.0.2.2", 17, whole[..1200], fragment: 0x2000))).Headers;

        Assert.Equal((TunnelKind.Vxlan, 80, 2000), (headers.Tunnel, headers.DestinationPort, headers.PayloadLength));
        Assert.Equal(PacketOddities.None, headers.Oddities);
    }

    static byte[] Udp(int from, int to, byte[] payload) =>
        Frame.Ethernet(Frame.Ip4, Frame.Ipv4("192.0.2.1", "192.0.2.2", 17, Frame.Udp(from, to, payload)));
}
