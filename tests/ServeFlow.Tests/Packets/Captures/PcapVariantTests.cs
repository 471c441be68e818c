using ServeFlow.Packets.Captures;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

/// <summary>pcap as other tools and other times wrote it: the same packets come out, or libpcap's refusal.</summary>
public sealed class PcapVariantTests
{
    const uint Standard = 0xa1b2c3d4;
    const uint Modified = 0xa1b2cd34;
    const long First = 1_078_895_630;
    static readonly string Samples =
        Path.Combine(Repository.Root, "tests", "ServeFlow.Tests", "Packets", "Captures", "samples");

    [Theory]
    [InlineData("pcap-version-2.2-swapped-lengths.pcap")]
    [InlineData("pcap-version-543.0-swapped-lengths.pcap")]
    public void Poll_LengthsInTheOldOrder_GivesTheSamePackets(string name) =>
        AssertSame(ReadSample("pcap-version-2.4-same-packets.pcap").Packets, ReadSample(name));

    [Theory]
    [InlineData("pcap-variant-nokiapcap.pcap")]
    [InlineData("pcap-variant-rh6_1pcap.pcap")]
    public void Poll_LongerRecordHeaders_GivesSixPackets(string name)
    {
        var read = ReadSample(name);

        Assert.Equal([62, 74, 66, 340, 54, 54], read.Packets.Select(packet => packet.Bytes.Length));
        Assert.Null(read.File.DescribeDamage());
    }

    [Fact]
    public void Poll_RecordsOfLengthZero_AreRecords()
    {
        var read = ReadSample("zero-length-records.pcap");

        Assert.Equal(38, read.Packets.Count);
        Assert.Null(read.File.DescribeDamage());
    }

    [Theory]
    [InlineData("pcap-invalid-version-1.pcap", "pcap version 1.4")]
    [InlineData("pcapng-invalid-vers-1.pcapng", "pcapng version 0.1")]
    [InlineData("pcapng-invalid-vers-2.pcapng", "pcapng version 1.1")]
    public void Open_VersionThatLibpcapRefuses_SaysSo(string name, string version)
    {
        var error = Assert.Throws<InputException>(() => ReadSample(name));

        Assert.Contains($"{name}: {version} is not read", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 5, 1u)]
    [InlineData(3, 0, 1u)]
    [InlineData(543, 1, 1u)]
    [InlineData(0, 4, 1u)]
    [InlineData(2, 4, 0x0001_0001u)]
    [InlineData(2, 4, 0x0200_0001u)]
    public void Open_HeaderThatLibpcapRefuses_IsRefused(int major, int minor, uint link) =>
        Assert.Throws<InputException>(() => ReadCapture.From(Write(Standard, 16, major, minor, link)));

    /// <summary>Every variant that Wireshark reads, in both orders.</summary>
    [Theory]
    [InlineData(Standard, 16, 2, 4, false)]
    [InlineData(Standard, 16, 2, 0, true)]
    [InlineData(Standard, 16, 2, 1, true)]
    [InlineData(Standard, 16, 2, 2, true)]
    [InlineData(Standard, 16, 2, 3, false)]
    [InlineData(Standard, 16, 2, 3, true)]
    [InlineData(Standard, 16, 543, 0, true)]
    [InlineData(Standard, 20, 2, 4, false)]
    [InlineData(Standard, 24, 2, 4, false)]
    [InlineData(Modified, 24, 2, 4, false)]
    [InlineData(Modified, 28, 2, 4, false)]
    [InlineData(0xa1b23c4d, 16, 2, 4, false)]
    [InlineData(0x1c0001ac, 16, 2, 4, false)]
    [InlineData(0x1c0001ab, 16, 2, 4, false)]
    public void Poll_EveryVariant_GivesTheSamePackets(uint magic, int headerLength, int major, int minor, bool swapped)
    {
        var plain = ReadCapture.From(Write(Standard, 16, 2, 4, 1)).Packets;

        foreach (var bigEndian in new[] { false, true })
        {
            foreach (var packets in new[] { 1, 2, 5 })
            {
                var bytes = Write(magic, headerLength, major, minor, 1, swapped, bigEndian, packets);
                AssertSame(plain[..packets], ReadFile(bytes));
            }
        }
    }

    [Theory]
    [InlineData(6u, 1)]
    [InlineData(9u, 6)]
    [InlineData(24u, 0)]
    public void Poll_Aix_HasNanosecondsAndItsOwnLinks(uint link, int expected)
    {
        var read = ReadCapture.From(Write(Standard, 16, 2, 2, link, swapped: true));

        Assert.All(read.Packets, packet => Assert.Equal(expected, packet.LinkType));
        Assert.Equal((First * 1_000_000_000) + 17, read.Packets[0].TimestampNs);
    }

    [Fact]
    public void Poll_AixFddi_LosesThePaddingBeforeTheFrame()
    {
        var read = ReadCapture.From(Write(Standard, 16, 2, 2, 15, swapped: true));

        Assert.Equal(Packet(0)[3..], read.Packets[0].Bytes);
        Assert.Equal(Packet(0).Length - 3, read.Packets[0].OriginalLength);
    }

    [Fact]
    public void Poll_CiscoHdlcOnAPppLink_IsDecoded()
    {
        using var file = CaptureFile.Open(Path.Combine(Samples, "link-50-cisco-hdlc.pcap"));
        var (burst, count) = (new ServeFlow.Packets.PacketBurst(), 0);
        while (file.Poll(burst))
        {
            foreach (ref readonly var packet in burst.Packets)
            {
                Assert.True(ServeFlow.Packets.Headers.PacketDecoder.TryDecode(packet, out var headers, new()));
                Assert.Equal((6, 18324 + 179), (headers.Protocol, headers.SourcePort + headers.DestinationPort));
                count++;
            }
        }

        Assert.Equal(14, count);
    }

    static void AssertSame(IReadOnlyList<ReadCapture.Packet> expected, ReadCapture read)
    {
        Assert.Equal(expected.Select(packet => Convert.ToHexString(packet.Bytes)),
            read.Packets.Select(packet => Convert.ToHexString(packet.Bytes)));
        Assert.Equal(expected.Select(packet => packet.OriginalLength), read.Packets.Select(p => p.OriginalLength));
        Assert.Equal(expected.Select(packet => packet.TimestampNs / 1_000_000_000),
            read.Packets.Select(packet => packet.TimestampNs / 1_000_000_000));
        Assert.Null(read.File.DescribeDamage());
    }

    static ReadCapture ReadSample(string name) => ReadCapture.From(CaptureFile.Open(Path.Combine(Samples, name)));

    static ReadCapture ReadFile(byte[] bytes) => ReadCapture.From(CaptureFile.Open(new MemoryStream(bytes), "x"));

    /// <summary>Packets of different lengths, each cut but for the first.</summary>
    static byte[] Write(uint magic, int headerLength, int major, int minor, uint link, bool swapped = false,
        bool bigEndian = false, int packets = 5)
    {
        var file = new ByteWriter(bigEndian).U32(magic).U16(major).U16(minor).U32(0).U32(0).U32(65535).U32(link);
        if (magic >> 24 == 0x1c)
        {
            file.U32(12345);
        }

        for (var i = 0; i < packets; i++)
        {
            var (captured, original) = (Packet(i).Length, Packet(i).Length + (i * 5));
            file.U32(First + i).U32(17).U32(swapped ? original : captured).U32(swapped ? captured : original);
            file.Raw(new byte[headerLength - 16]).Raw(Packet(i));
        }

        return file.ToArray();
    }

    static byte[] Packet(int number) => Frame.Simple(new byte[number * 7]);
}
