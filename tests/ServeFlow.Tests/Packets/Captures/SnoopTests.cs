using ServeFlow.Packets.Captures.Reading;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

/// <summary>snoop (RFC 1761), and Surveyor's files of that shape.</summary>
public sealed class SnoopTests
{
    const long Second = 1_700_000_000;

    [Fact]
    public void Poll_Snoop_GivesPacketsWithTimesAndLengths()
    {
        var read = ReadCapture.From(Write(version: 2, network: 4, packets: 3));

        Assert.Equal([Packet(0), Packet(1), Packet(2)], read.Packets.Select(packet => packet.Bytes));
        Assert.Equal(Packet(2).Length + 100, read.Packets[2].OriginalLength);
        Assert.Equal(((Second + 1) * 1_000_000_000) + 5000, read.Packets[1].TimestampNs);
        Assert.Null(read.File.DescribeDamage());
    }

    [Theory]
    [InlineData(0u, 0, 1)]
    [InlineData(2u, 0, 6)]
    [InlineData(4u, 0, 1)]
    [InlineData(8u, 0, 10)]
    [InlineData(14u, 0, 0)]
    [InlineData(18u, 0, 123)]
    [InlineData(0x80000001u, 0, 101)]
    [InlineData(0x80000005u, 0, 226)]
    [InlineData(10u, 20, 1)]
    [InlineData(12u, 20, 1)]
    [InlineData(11u, 20, 6)]
    public void Open_Network_IsTheLink(uint network, int padding, int link) =>
        Assert.All(ReadCapture.From(Write(2, network, 2, padding)).Packets,
            packet => Assert.Equal(link, packet.LinkType));

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public void Open_OtherVersion_IsRefused(int version) =>
        Assert.Contains($"snoop version {version}", Assert.Throws<InputException>(
            () => ReadCapture.From(Write(version, 4, 1))).Message, StringComparison.Ordinal);

    [Fact]
    public void Poll_GarbageInTheMiddle_GoesOnAtTheNextRecord()
    {
        var bytes = Write(2, 4, 3);
        var end = bytes.Length;
        byte[] broken = [.. bytes, .. Enumerable.Repeat((byte)0x77, 333), .. Write(2, 4, 3)[16..]];

        var read = ReadCapture.From(broken);

        Assert.Equal(6, read.Packets.Count);
        Assert.Equal([new Damage(end, DamageReason.AbsurdLength, end + 333)], read.File.Damages);
    }

    [Fact]
    public void Poll_CutInARecord_GivesTheRecordsBefore()
    {
        var read = ReadCapture.From(Write(2, 4, 3)[..^9]);

        Assert.Equal((2, 1), (read.Packets.Count, read.File.Damages.Count));
    }

    static byte[] Write(int version, uint network, int packets, int padding = 0)
    {
        var file = new ByteWriter(bigEndian: true).Raw("snoop\0\0\0"u8).U32(version).U32(network);
        for (var i = 0; i < packets; i++)
        {
            var packet = Packet(i);
            var pad = padding + (-packet.Length & 3);
            file.U32(packet.Length + (i * 50)).U32(packet.Length).U32(24 + packet.Length + pad).U32(0)
                .U32(Second + i).U32(i * 5).Raw(packet).Raw(new byte[pad]);
        }

        return file.ToArray();
    }

    static byte[] Packet(int number) => Frame.Simple(new byte[1 + number]);
}
