using ServeFlow.Packets.Captures.Reading;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

/// <summary>Endace's ERF, which has no magic number.</summary>
public sealed class ErfTests
{
    const uint Second = 1_700_000_000;
    static readonly byte[] Packet = Frame.Simple(new byte[11]);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(50)]
    public void Poll_Ethernet_GivesThePackets(int packets)
    {
        var read = ReadCapture.From(Ethernet(packets));

        Assert.Equal(packets, read.Packets.Count);
        Assert.All(read.Packets, packet => Assert.Equal(Packet, packet.Bytes[..Packet.Length]));
        Assert.Equal((Second * 1_000_000_000L) + 500_000_000, read.Packets[0].TimestampNs);
        Assert.All(read.Packets, packet => Assert.Equal((1, 3), (packet.LinkType, packet.Interface)));
        Assert.Null(read.File.DescribeDamage());
    }

    [Fact]
    public void Poll_ExtensionHeaders_ArePassed()
    {
        byte[] body = [0x80, 0, 0, 0, 0, 0, 0, 1, 0x03, 0, 0, 0, 0, 0, 0, 2, 0, 0, .. Packet];

        var read = ReadCapture.From([.. Record(2 | 0x80, body), .. Record(2, [0, 0, .. Packet])]);

        Assert.All(read.Packets, packet => Assert.Equal(Packet, packet.Bytes));
    }

    [Theory]
    [InlineData(1, 0, 50)]
    [InlineData(5, 4, 50)]
    [InlineData(22, 0, 228)]
    [InlineData(23, 0, 229)]
    [InlineData(16, 2, 1)]
    [InlineData(20, 2, 1)]
    public void Poll_Type_IsTheLink(byte type, int subHeader, int link)
    {
        var record = Record(type, [.. new byte[subHeader], .. Packet]);

        var read = ReadCapture.From([.. record, .. record]);

        Assert.All(read.Packets, packet => Assert.Equal(link, packet.LinkType));
        Assert.All(read.Packets, packet => Assert.Equal(Packet, packet.Bytes));
    }

    [Fact]
    public void Poll_RecordsWithoutPackets_AreCounted()
    {
        var read = ReadCapture.From([.. Record(27, new byte[40]), .. Ethernet(2), .. Record(48, new byte[8])]);

        Assert.Equal((2, 2), (read.Packets.Count, (int)read.File.SkippedBlocks[SkippedBlock.Metadata]));
    }

    [Fact]
    public void Poll_GarbageInTheMiddle_GoesOnAtTheNextRecord()
    {
        var read = ReadCapture.From([.. Ethernet(30), .. Enumerable.Repeat((byte)0xee, 100), .. Ethernet(3)]);

        Assert.Equal(33, read.Packets.Count);
        Assert.Equal(100, read.File.Damages.Single().ResynchronisedAt - read.File.Damages.Single().Offset);
    }

    [Theory]
    [InlineData("a text that is long enough to hold a header, or two of them, and no capture at all")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000000000000000000")]
    public void Open_Text_IsNoErf(string text) =>
        Assert.Throws<InputException>(() => ReadCapture.From(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Open_ZerosAlone_AreNoErf() => Assert.Throws<InputException>(() => ReadCapture.From(new byte[5000]));

    static byte[] Ethernet(int packets) =>
        [.. Enumerable.Range(0, packets).SelectMany(_ => Record(2, [0, 0, .. Packet, .. new byte[4]]))];

    /// <summary>A record half a second after a full one, of interface 3.</summary>
    static byte[] Record(byte type, byte[] body)
    {
        var length = 16 + body.Length;
        return
        [
            .. BitConverter.GetBytes(((ulong)Second << 32) | 0x8000_0000), type, 0x07, .. Frame.Big16(length), 0, 0,
            .. Frame.Big16(1500), .. body,
        ];
    }
}
