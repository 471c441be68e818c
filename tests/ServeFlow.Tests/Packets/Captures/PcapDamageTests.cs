using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Captures.Reading;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

public sealed class PcapDamageTests
{
    const long Second = 1_000_000_000;
    const long First = 1_700_000_000 * Second;
    static readonly byte[] Packet = Frame.Simple(new byte[100]);
    static readonly int RecordLength = 16 + Packet.Length;

    static CaptureBuilder Capture(int packets, CaptureBuilder? after = null)
    {
        var capture = after ?? new CaptureBuilder();
        for (var i = 0; i < packets; i++)
        {
            capture.Add(First + (i * Second), Packet);
        }

        return capture;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(60)]
    public void Poll_FileEndsInsideARecord_GivesTheRecordsBefore(int left)
    {
        var whole = Capture(3).ToArray();
        var lastRecord = whole.Length - RecordLength;

        var read = ReadCapture.From(whole[..(lastRecord + left)]);

        Assert.Equal(2, read.Packets.Count);
        Assert.Equal([new Damage(lastRecord, DamageReason.TruncatedRecord, -1)], read.File.Damages);
        Assert.Equal($"test.pcap: truncated record at byte {lastRecord}, reading ended there; 2 packets read",
            read.File.DescribeDamage());
    }

    [Theory]
    [InlineData(1, 0xff)]
    [InlineData(7, 0xff)]
    [InlineData(333, 0xa5)]
    [InlineData(100_000, 0x41)]
    public void Poll_GarbageInTheMiddle_GoesOnAtTheNextRecord(int length, byte value)
    {
        var garbage = Enumerable.Repeat(value, length).ToArray();
        var bytes = Capture(5, Capture(5).Garbage(garbage)).ToArray();
        var damagedAt = 24 + (5 * RecordLength);

        var read = ReadCapture.From(bytes);

        Assert.Equal(10, read.Packets.Count);
        Assert.All(read.Packets, p => Assert.Equal(Packet, p.Bytes));
        Assert.Equal([new Damage(damagedAt, DamageReason.AbsurdLength, damagedAt + length)], read.File.Damages);
        Assert.Contains($"absurd length at byte {damagedAt}, read on at byte {damagedAt + length}",
            read.File.DescribeDamage());
    }

    [Theory]
    [InlineData(16)]
    [InlineData(600_000)]
    public void Poll_ZerosInTheMiddle_AreRecordsOfLengthZero(int length)
    {
        var bytes = Capture(5, Capture(5).Garbage(new byte[length])).ToArray();

        var read = ReadCapture.From(bytes);

        Assert.Equal(10 + (length / 16), read.Packets.Count);
        Assert.Equal(10, read.Packets.Count(packet => packet.Bytes.Length > 0));
        Assert.Null(read.File.DescribeDamage());
    }

    [Theory]
    [InlineData(40)]
    [InlineData(1_000_001)]
    public void Poll_ZerosThatEndInsideARecord_LoseNoFurtherRecord(int length)
    {
        var read = ReadCapture.From(Capture(5, Capture(5).Garbage(new byte[length])).ToArray());

        Assert.Equal(10, read.Packets.Count(packet => packet.Bytes.Length > 0));
        Assert.Equal(24 + (5 * RecordLength) + length, read.File.Damages.Single().ResynchronisedAt);
    }

    [Fact]
    public void Poll_LongDamage_ComesBackBetweenSlices()
    {
        var garbage = new byte[(DamageSearch.Slice * 3) + 5];
        garbage.AsSpan().Fill(0xff);
        using var file = CaptureFile.Open(new MemoryStream(Capture(3, Capture(3).Garbage(garbage)).ToArray()), "long");
        var (burst, packets, empty) = (new ServeFlow.Packets.PacketBurst(), 0, 0);
        while (file.Poll(burst))
        {
            packets += burst.Count;
            empty += burst.Count == 0 ? 1 : 0;
        }

        Assert.Equal(6, packets);
        Assert.InRange(empty, 3, 5);
        Assert.Equal(1, file.DamageCounts.Total);
    }

    [Fact]
    public void Poll_AbsurdLength_LosesThatRecordAlone()
    {
        var bytes = Capture(4).ToArray();
        bytes.AsSpan(24 + RecordLength + 8, 4).Fill(0xee);

        var read = ReadCapture.From(bytes);

        Assert.Equal([1L, 2L, 3L], read.Packets.Select(p => p.Number));
        Assert.Equal(24 + (2 * RecordLength), read.File.Damages.Single().ResynchronisedAt);
    }

    [Theory]
    [InlineData(CaptureLimits.MaxCapturedLength, 3, 0)]
    [InlineData(CaptureLimits.MaxCapturedLength + 1, 2, 1)]
    public void Poll_WholeRecordAtTheLengthLimit_IsReadAndOneByteMoreIsDamage(int length, int packets, int damages)
    {
        var capture = Capture(1).Add(First + Second, new byte[length]).Add(First + (2 * Second), Packet);

        var read = ReadCapture.From(capture.ToArray());

        Assert.Equal((packets, damages), (read.Packets.Count, read.File.Damages.Count));
    }

    [Fact]
    public void Poll_LengthBeyondTheFile_LosesThatRecordAlone()
    {
        var bytes = Capture(4).ToArray();
        bytes[24 + RecordLength + 10] = 2;

        var read = ReadCapture.From(bytes);

        Assert.Equal(3, read.Packets.Count);
        Assert.Equal(1, read.File.DamageCounts.Total);
    }

    [Fact]
    public void Poll_DamageAfterFullBurst_KeepsEarlierPacketsValid()
    {
        var bytes = Capture(3, Capture(1500).Garbage([.. Enumerable.Repeat((byte)0xff, 40)])).ToArray();

        var read = ReadCapture.From(bytes);

        Assert.Equal(1503, read.Packets.Count);
        Assert.All(read.Packets, p => Assert.Equal(Packet, p.Bytes));
    }

    [Fact]
    public void Poll_NothingButGarbage_IsUnreadable()
    {
        var read = ReadCapture.From(new CaptureBuilder().Garbage([.. Enumerable.Repeat((byte)0xcc, 5000)]).ToArray());

        Assert.True(read.File.IsUnreadable);
        Assert.Equal("test.pcap: absurd length at byte 24, reading ended there; 0 packets read",
            read.File.DescribeDamage());
    }

    [Fact]
    public void Poll_DamageEverywhere_KeepsTheFirstHundredPlacesAndCountsAll()
    {
        var capture = new CaptureBuilder();
        for (var i = 0; i < 150; i++)
        {
            Capture(2, capture).Garbage([.. Enumerable.Repeat((byte)0xff, 20)]);
        }

        var read = ReadCapture.From(capture.ToArray());

        Assert.Equal(300, read.Packets.Count);
        Assert.Equal(100, read.File.Damages.Count);
        Assert.Equal(150, read.File.DamageCounts.Total);
        Assert.Contains("150 damaged places in all", read.File.DescribeDamage());
    }
}
