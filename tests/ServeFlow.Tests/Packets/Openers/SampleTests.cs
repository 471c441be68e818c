using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Tests.Packets.Captures;
using Xunit;

namespace ServeFlow.Tests.Packets.Openers;

/// <summary>Real packets of links, tags and tunnels, and what tshark 4.0.17 says about them.</summary>
public sealed class SampleTests
{
    static readonly string folder =
        Path.Combine(Repository.Root, "tests", "ServeFlow.Tests", "Packets", "Openers", "samples");

    public static TheoryData<string, string> Expected { get; } = new(
        File.ReadLines(Path.Combine(folder, "expected.csv")).Skip(1).Select(line => line.Split(','))
            .Select(cells => (cells[0], $"{cells[2]},{cells[3]},{cells[4]},{cells[5]},{cells[6]}")));

    [Theory]
    [MemberData(nameof(Expected))]
    public void Decode_FirstPacket_GivesTheInnermostHeaders(string file, string expected)
    {
        var headers = Decode(file)[0].Headers;
        var protocol = headers.Protocol switch
        {
            1 => "icmp",
            6 => "tcp",
            17 => "udp",
            58 => "icmpv6",
            var number => $"{number}",
        };
        var ports = headers.Protocol is 1 or 6 or 17 or 58
            ? $"{headers.SourcePort},{headers.DestinationPort}"
            : ",";
        protocol = expected.EndsWith(",,,", StringComparison.Ordinal) ? "" : protocol;

        Assert.Equal(expected, $"{headers.Source},{headers.Destination},{protocol},{ports}");
    }

    [Theory]
    [InlineData("link-dsa.pcap", 6)]
    [InlineData("link-edsa.pcap", 6)]
    [InlineData("link-brcm-tag.pcap", 17)]
    public void Decode_SwitchTags_FindsEveryIpPacket(string file, int packets) =>
        Assert.Equal(packets, Decode(file).Count(packet => packet.IsDecoded));

    [Fact]
    public void Decode_CiscoHdlcInPpp_FindsOneFlow()
    {
        var tuples = Decode("link-50-cisco-hdlc.pcap").Select(packet =>
            (packet.Headers.Protocol, Math.Max(packet.Headers.SourcePort, packet.Headers.DestinationPort),
            Math.Min(packet.Headers.SourcePort, packet.Headers.DestinationPort))).ToList();

        Assert.Equal(14, tuples.Count);
        Assert.Equal(((byte)6, (ushort)18324, (ushort)179), Assert.Single(tuples.Distinct()));
    }

    [Fact]
    public void Decode_TinyFirstFragment_HasThePorts()
    {
        var packets = Decode("tiny-first-fragment-ports-captured.pcap");

        Assert.Equal("198.51.100.1:12345>2.2.2.2:8080/6", packets[0].Tuple);
        Assert.Equal((0, 0), (packets[0].Headers.PayloadLength, packets[0].Headers.TransportLength));
        Assert.True(packets[1].Headers.IsLaterFragment);
    }

    [Fact]
    public void Decode_AuthenticationHeaderOfIpv4_GivesWhatItProtects()
    {
        var headers = Decode("ah-ipv4-transport.pcap")[0].Headers;

        Assert.Equal(((byte)1, (ushort)8, (ushort)0), (headers.Protocol, headers.SourcePort, headers.DestinationPort));
    }

    [Theory]
    [InlineData("tun-gre_ip.pcap", "10.85.50.1:0>10.85.50.2:0/47")]
    [InlineData("tun-ip.pcap", "2001:db8:85a3::8a2e:370:7334:0>2001:db8:85a3::8a2e:370:7335:0/4")]
    public void Decode_TunnelWithoutAnIpPacket_StaysTheCarrier(string file, string tuple)
    {
        var packet = Decode(file)[0];

        Assert.Equal(tuple, packet.Tuple);
        Assert.Equal(PacketOddities.TunnelNotOpened,
            packet.Headers.Oddities & PacketOddities.TunnelNotOpened);
    }

    /// <summary>Lists all packets of all samples, by file and number.</summary>
    internal static IEnumerable<(LinkType LinkType, byte[] Bytes, string Name)> Packets() =>
        Directory.EnumerateFiles(folder, "*.pcap").Order().SelectMany(path =>
            ReadCapture.From(CaptureFile.Open(path)).Packets.Select(packet =>
                ((LinkType)packet.LinkType, packet.Bytes, $"{Path.GetFileName(path)} {packet.Number}")));

    static List<Decoded> Decode(string file) =>
    [
        .. ReadCapture.From(CaptureFile.Open(Path.Combine(folder, file))).Packets.Select(packet =>
            Decoded.From(packet.Bytes, (LinkType)packet.LinkType, packet.OriginalLength)),
    ];
}
