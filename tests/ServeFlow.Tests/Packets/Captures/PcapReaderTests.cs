using ServeFlow.Packets.Captures.Reading;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

public sealed class PcapReaderTests
{
    const long Second = 1_000_000_000;
    const long First = (1_700_000_000 * Second) + 123_456_789;

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, false)]
    [InlineData(false, false, true)]
    [InlineData(true, false, true)]
    public void Poll_EveryFlavour_GivesTheSamePackets(bool bigEndian, bool nanoseconds, bool modified)
    {
        var frame = Frame.Simple([1, 2, 3]);
        var bytes = new CaptureBuilder(1, bigEndian, nanoseconds, modified)
            .Add(First, frame).Add(First + Second, frame[..20], original: 1500).ToArray();

        var read = ReadCapture.From(bytes);

        var granularity = nanoseconds ? 1 : 1000;
        Assert.Equal(2, read.File.Packets);
        Assert.Equal(frame, read.Packets[0].Bytes);
        Assert.Equal(First / granularity * granularity, read.Packets[0].TimestampNs);
        Assert.Equal(1500, read.Packets[1].OriginalLength);
        Assert.Equal(20, read.Packets[1].Bytes.Length);
        Assert.Equal([1L, 2L], read.Packets.Select(p => p.Number));
        Assert.Equal(bytes.Length, read.File.Bytes);
        Assert.Null(read.File.DescribeDamage());
    }

    [Fact]
    public void Poll_MorePacketsThanABurst_GivesAllOfThemInOrder()
    {
        var capture = new CaptureBuilder();
        for (var i = 0; i < 3000; i++)
        {
            capture.Add(First + (i * Second), Frame.Simple(new byte[i % 1400]));
        }

        var read = ReadCapture.From(capture.ToArray());

        Assert.Equal(Enumerable.Range(0, 3000).Select(i => 54 + (i % 1400)), read.Packets.Select(p => p.Bytes.Length));
    }

    [Fact]
    public void Poll_LinkTypeWithCheckSequenceBits_KeepsTheLowerHalf()
    {
        var read = ReadCapture.From(new CaptureBuilder(linkType: 0x1000_0001).Add(First, Frame.Simple()).ToArray());

        Assert.Equal(1, read.Packets[0].LinkType);
    }

    [Fact]
    public void Poll_FractionBeyondASecond_IsCountedAndUsed()
    {
        var bytes = new CaptureBuilder().Add(First, Frame.Simple()).ToArray();
        bytes[31] = 0x7f;

        var read = ReadCapture.From(bytes);

        Assert.Single(read.Packets);
        Assert.Equal(1, read.File.DamageCounts[DamageReason.OddTimestamp]);
        Assert.Empty(read.File.Damages);
        Assert.Equal("test.pcap: 1 records with an odd timestamp, the first at byte 24; 1 packets read",
            read.File.DescribeDamage());
    }

    [Fact]
    public void Poll_LongerCapturedThanOnTheWire_CorrectsTheWire()
    {
        var frame = Frame.Simple();

        var read = ReadCapture.From(new CaptureBuilder().Add(First, frame, original: 10).ToArray());

        Assert.Equal(frame.Length, read.Packets.Single().OriginalLength);
    }
}
