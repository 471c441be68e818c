using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Packets.Openers;

/// <summary>First fragments, and IP packets that say more than the frame had.</summary>
public sealed class FragmentTests
{
    static readonly byte[] datagram = Frame.Udp(5, 6, new byte[3000]);

    public static TheoryData<byte[]> FirstFragments =>
    [
        Frame.Ethernet(Frame.Ip4, Frame.Ipv4("192.0.2.1", "192.0.2.2", 17, datagram[..1480], fragment: 0x2000)),
        Frame.Ethernet(Frame.Ip6, Frame.Ipv6("2001:db8::1", "2001:db8::2", 44,
            [17, 0, 0, 1, 0, 0, 0, 7, .. datagram[..1448]])),
    ];

    [Theory]
    [MemberData(nameof(FirstFragments))]
    public void Decode_FirstFragmentOfUdp_HasNoBadLength(byte[] bytes)
    {
        var headers = Decoded.From(bytes).Headers;

        Assert.Equal((FragmentKind.First, 5, 6), (headers.Fragment, headers.SourcePort, headers.DestinationPort));
        Assert.Equal(PacketOddities.None, headers.Oddities);
    }

    [Theory]
    [InlineData(0, PacketOddities.IpLengthBeyondFrame)]
    [InlineData(10, PacketOddities.None)]
    public void Decode_IpLengthBeyondTheFrame_IsFlagged(int cut, PacketOddities expected)
    {
        var tcp = Frame.Tcp(1234, 80, payload: [1, 2]);
        var bytes = Frame.Ethernet(Frame.Ip4, Frame.Ipv4("10.0.0.1", "10.0.0.2", 6, tcp, totalLength: 52));

        Assert.Equal(expected, Decoded.From(bytes, original: bytes.Length + cut).Headers.Oddities);
        Assert.Equal(expected, Decoded.From(bytes.AsSpan(14), LinkType.Raw, bytes.Length - 14 + cut).Headers.Oddities);
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(16, true)]
    [InlineData(0, false)]
    public void Decode_TinyFirstFragment_NeedsThePortsAlone(int length, bool isDecoded)
    {
        var decoded = Decoded.From(Frame.Ethernet(Frame.Ip4,
            Frame.Ipv4("10.0.0.1", "10.0.0.2", 6, Frame.Tcp(1234, 80)[..length], fragment: 0x2000)));

        Assert.Equal(isDecoded, decoded.IsDecoded);
        Assert.Equal(isDecoded ? OpenerFrame.Tuple : $"{IgnoreReason.TransportHeaderShort}",
            isDecoded ? decoded.Tuple : $"{decoded.Why}");
    }
}
