using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Filters;
using ServeFlow.Tests.Packets.Captures;
using Xunit;

namespace ServeFlow.Tests.Packets.Filters;

public sealed class PacketFilterTests
{
    public PacketFilterTests() => PcapOracle.RequireLibrary();

    [Theory]
    [InlineData("tcp prot 80", "filter 'tcp prot 80': ")]
    [InlineData("port 99999", "filter 'port 99999': illegal port number 99999 > 65535: see pcap-filter(7)")]
    [InlineData("ip and arp", "filter 'ip and arp': expression rejects all packets: see pcap-filter(7)")]
    public void Compile_BadExpression_SaysWhatLibpcapSays(string text, string message)
    {
        var error = Assert.Throws<InputException>(() => PacketFilter.Compile(text));

        Assert.StartsWith(message, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Compile_ExpressionForOneLinkTypeAlone_FindsIt()
    {
        Assert.Equal(LinkType.WifiRadiotap, PacketFilter.Compile("wlan type mgt").LinkType);
    }

    [Fact]
    public void Compile_UnknownLinkType_IsRefused()
    {
        Assert.Throws<InputException>(() => PacketFilter.Compile("tcp", (LinkType)9999));
    }

    [Fact]
    public void FilteredSource_ManyPackets_HandsOverThoseThatMatchAndCountsTheRest()
    {
        var capture = new CaptureBuilder();
        for (var i = 0; i < 5000; i++)
        {
            capture.Add(i, i % 3 == 0 ? Frame.Simple([(byte)i]) : FrameSeeds.All[1]);
        }

        var (packets, source) = Filtered(capture.ToArray(), PacketFilter.Compile("tcp port 1234"));

        Assert.Equal(Enumerable.Range(0, 5000).Where(i => i % 3 == 0).Select(i => i + 1L), packets);
        Assert.Equal((5000 - 1667, null), (source.FilteredOut, source.Warning));
    }

    [Fact]
    public void FilteredSource_SeveralLinkTypes_CompilesForEach()
    {
        var capture = new PcapngBuilder().Section().Interface(1).Interface(101).Interface(220)
            .Enhanced(0, 1, Frame.Simple()).Enhanced(1, 2, Frame.SimpleIp()).Enhanced(2, 3, new byte[64])
            .Enhanced(1, 4, Frame.Ipv4("1.1.1.1", "2.2.2.2", 17, Frame.Udp(1, 2, []))).Enhanced(0, 5, Frame.Simple());

        var (packets, source) = Filtered(capture.ToArray(), PacketFilter.Compile("tcp"));

        Assert.Equal([1, 2, 5], packets);
        Assert.Equal(2, source.FilteredOut);
        Assert.StartsWith("filter 'tcp' does not suit packets of link type 220, which are left out: ", source.Warning);
    }

    static (List<long> Numbers, FilteredSource Source) Filtered(byte[] capture, PacketFilter filter)
    {
        var numbers = new List<long>();
        var burst = new PacketBurst();
        using var source = new FilteredSource(CaptureFile.Open(new MemoryStream(capture), "test"), filter);
        while (source.Poll(burst))
        {
            foreach (ref readonly var packet in burst.Packets)
            {
                numbers.Add(packet.Number);
            }
        }

        return (numbers, source);
    }
}
