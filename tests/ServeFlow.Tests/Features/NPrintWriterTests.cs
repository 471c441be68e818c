using System.Text;
using CsCheck;
using ServeFlow.Features;
using ServeFlow.Packets;
using Xunit;

namespace ServeFlow.Tests.Features;

public sealed class NPrintWriterTests
{
    const string Ethernet = "0a0b0c0d0e0f010203040506";
    const string UdpOverIpv4 = "4500001c000100004011f8b3c0a80001c0a80002003500350008ffff";

    [Fact]
    public void Write_UdpColumnsAlone_HeaderLineAndOneRow() =>
        Assert.Equal("src_ip,udp_len_0,udp_len_1,udp_len_2,udp_len_3,udp_len_4,udp_len_5,udp_len_6,udp_len_7,udp_len_8,"
            + "udp_len_9,udp_len_10,udp_len_11,udp_len_12,udp_len_13,udp_len_14,udp_len_15\n"
            + "192.168.0.1,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0\n",
            Print(Ethernet + "0800" + UdpOverIpv4, LinkType.Ethernet, "nprint:udp", "ports,udp_cksum"));

    [Theory]
    [InlineData(Ethernet + "0800" + UdpOverIpv4, LinkType.Ethernet)]
    [InlineData(UdpOverIpv4, LinkType.Raw)]
    [InlineData("00000001000601020304050600000800" + UdpOverIpv4, LinkType.LinuxCooked)]
    public void Write_EveryLinkNPrintKnows_SameRow(string packet, LinkType link) =>
        Assert.StartsWith("192.168.0.1,0,1,0,0,0,1,0,1,", Rows(packet, link).Single());

    [Theory]
    [InlineData(Ethernet + "0806" + "0001080006040001", LinkType.Ethernet)]
    [InlineData(Ethernet + "81000005" + "0800" + UdpOverIpv4, LinkType.Ethernet)]
    [InlineData("02000000" + UdpOverIpv4, LinkType.BsdLoopback)]
    [InlineData("4500001c00010000402ff8b3c0a80001c0a800020035003500080000", LinkType.Raw)]
    [InlineData("4500001c0001000040", LinkType.Raw)]
    [InlineData("60000000", LinkType.Raw)]
    [InlineData("", LinkType.Ethernet)]
    public void Write_NoIpOrOtherTransport_HasNoRow(string packet, LinkType link) => Assert.Empty(Rows(packet, link));

    [Fact]
    public void Write_TransportCutOff_IsAbsent()
    {
        var row = Rows(UdpOverIpv4[..^8], LinkType.Raw, "nprint:udp").Single();

        Assert.Equal([.. Enumerable.Repeat(true, 32), .. Enumerable.Repeat(false, 32)],
            row.Split(',')[1..].Select(value => value != "-1"));
    }

    [Fact]
    public void Write_AnyBytes_NeverThrows() =>
        Gen.Select(Gen.Byte.Array[0, 80], Gen.Enum<LinkType>()).Sample((packet, link) =>
            Rows(Convert.ToHexString(packet), link).Length <= 1, iter: 2000);

    static string[] Rows(string hex, LinkType link, string set = "nprint:ip4,udp") =>
        Print(hex, link, set, "none").Split('\n')[1..^1];

    static unsafe string Print(string hex, LinkType link, string set, string mask)
    {
        using var output = new MemoryStream();
        var writer = new NPrintWriter(output, FeatureSchema.Parse(set, mask));
        writer.WriteHeader();
        var bytes = Convert.FromHexString(hex);
        fixed (byte* data = bytes)
        {
            writer.Write(new PacketSlot(data, bytes.Length, bytes.Length, 0, link, 0, 1));
        }

        Assert.Equal(1, writer.Rows + writer.Omitted);
        return Encoding.ASCII.GetString(output.ToArray());
    }
}
