using ServeFlow.Packets.Captures.Reading;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

public sealed class PcapngReaderTests
{
    const ulong Microseconds = 1_700_000_000_123_456;
    const long Nanoseconds = 1_700_000_000_123_456_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_EnhancedPackets_GivesBytesTimesAndInterfaces(bool bigEndian)
    {
        var frame = Frame.Simple([1, 2, 3]);
        var read = ReadCapture.From(new PcapngBuilder().Section(bigEndian).Interface().Interface(linkType: 101)
            .Enhanced(0, Microseconds, frame, original: 2000)
            .Enhanced(1, Microseconds + 1, frame[14..], options: [0, 1, 0, 2, 65, 66, 0, 0, 0, 0, 0, 0])
            .ToArray());

        Assert.Equal(frame, read.Packets[0].Bytes);
        Assert.Equal(2000, read.Packets[0].OriginalLength);
        Assert.Equal(Nanoseconds, read.Packets[0].TimestampNs);
        Assert.Equal((1, 0, 1L), (read.Packets[0].LinkType, read.Packets[0].Interface, read.Packets[0].Number));
        Assert.Equal(frame[14..], read.Packets[1].Bytes);
        Assert.Equal((101, 1, 2L), (read.Packets[1].LinkType, read.Packets[1].Interface, read.Packets[1].Number));
        Assert.Null(read.File.DescribeDamage());
    }

    [Theory]
    [InlineData((byte)3, 1_700_000_000_123UL, 1_700_000_000_123_000_000)]
    [InlineData((byte)6, 1_700_000_000_123_456UL, 1_700_000_000_123_456_000)]
    [InlineData((byte)9, 1_700_000_000_123_456_789UL, 1_700_000_000_123_456_789)]
    [InlineData((byte)10, 17_000_000_001_234_567_899UL, 1_700_000_000_123_456_789)]
    [InlineData((byte)0x80, 1_700_000_000UL, 1_700_000_000_000_000_000)]
    [InlineData((byte)0x8a, 1_740_800_000_512UL, 1_700_000_000_500_000_000)]
    [InlineData((byte)0x94, 1_782_579_200_524_288UL, 1_700_000_000_500_000_000)]
    public void Poll_Resolution_IsNanoseconds(byte resolution, ulong ticks, long expected)
    {
        var read = ReadCapture.From(new PcapngBuilder().Section().Interface(resolution: resolution)
            .Enhanced(0, ticks, Frame.Simple()).ToArray());

        Assert.Equal(expected, read.Packets[0].TimestampNs);
    }

    [Fact]
    public void Poll_TimeOffset_IsAdded()
    {
        var read = ReadCapture.From(new PcapngBuilder().Section(big: true).Interface(offsetSeconds: 1_700_000_000)
            .Enhanced(0, 250_000, Frame.Simple()).ToArray());

        Assert.Equal(1_700_000_000_250_000_000, read.Packets[0].TimestampNs);
    }

    [Theory]
    [InlineData((byte)0, ulong.MaxValue, 0, long.MaxValue)]
    [InlineData((byte)6, 5UL, -10, 0)]
    [InlineData((byte)9, ulong.MaxValue, 0, long.MaxValue)]
    public void Poll_TimeBeyondAllYears_IsCountedAndMovedToTheEdge(byte resolution, ulong ticks, long offset,
        long expected)
    {
        var read = ReadCapture.From(new PcapngBuilder().Section().Interface(1, resolution, offset)
            .Enhanced(0, ticks, Frame.Simple()).ToArray());

        Assert.Equal(expected, read.Packets[0].TimestampNs);
        Assert.Equal(1, read.File.DamageCounts[DamageReason.OddTimestamp]);
    }

    [Fact]
    public void Poll_SimpleAndOldPackets_AreRead()
    {
        var frame = Frame.Simple([9]);
        var read = ReadCapture.From(new PcapngBuilder().Section().Interface(snapLength: 32)
            .Old(0, Microseconds, frame).Simple(frame[..32], frame.Length).ToArray());

        Assert.Equal(frame, read.Packets[0].Bytes);
        Assert.Equal(frame[..32], read.Packets[1].Bytes);
        Assert.Equal(frame.Length, read.Packets[1].OriginalLength);
        Assert.Equal(Nanoseconds, read.Packets[1].TimestampNs);
    }

    [Fact]
    public void Poll_SeveralSections_EachHasItsOrderAndInterfaces()
    {
        var frame = Frame.Simple();
        var read = ReadCapture.From(new PcapngBuilder()
            .Section().Interface().Interface().Enhanced(1, Microseconds, frame)
            .Section(big: true).Interface(linkType: 101).Enhanced(0, Microseconds, frame).ToArray());

        Assert.Equal([1, 2], read.Packets.Select(p => p.Interface));
        Assert.Equal([1, 101], read.Packets.Select(p => p.LinkType));
    }

    [Fact]
    public void Poll_BlocksWithoutPackets_AreSkippedAndCounted()
    {
        var read = ReadCapture.From(new PcapngBuilder().Section().Interface()
            .Block(4, w => w.U32(0)).Block(5, w => w.U32(0).U64(0)).Block(10, w => w.U32(0).U32(0))
            .Block(0xbad, w => w.U32(1)).Block(0x40000bad, w => w.U32(1)).Block(0x7777, w => w.U32(1))
            .Block(4, w => w.Raw(new byte[1_000_000]))
            .Enhanced(0, Microseconds, Frame.Simple()).ToArray());

        Assert.Single(read.Packets);
        Assert.Equal(
            [(SkippedBlock.NameResolution, 2L), (SkippedBlock.InterfaceStatistics, 1L),
                (SkippedBlock.DecryptionSecrets, 1L), (SkippedBlock.Custom, 2L), (SkippedBlock.Unknown, 1L)],
            read.File.SkippedBlocks.NonZero());
        Assert.Null(read.File.DescribeDamage());
    }
}
