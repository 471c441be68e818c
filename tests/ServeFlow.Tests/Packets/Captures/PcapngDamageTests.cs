using ServeFlow.Packets.Captures.Reading;
using Xunit;

namespace ServeFlow.Tests.Packets.Captures;

public sealed class PcapngDamageTests
{
    const ulong Time = 1_700_000_000_000_000;
    static readonly byte[] Packet = Frame.Simple(new byte[50]);

    static PcapngBuilder Capture() =>
        new PcapngBuilder().Section().Interface().Enhanced(0, Time, Packet).Enhanced(0, Time, Packet);

    [Fact]
    public void Poll_FileEndsInsideABlock_GivesThePacketsBefore()
    {
        var start = Capture().ToArray().Length;
        var read = ReadCapture.From(Capture().Enhanced(0, Time, Packet).ToArray()[..(start + 30)]);

        Assert.Equal(2, read.Packets.Count);
        Assert.Equal([new Damage(start, DamageReason.TruncatedRecord, -1)], read.File.Damages);
    }

    [Theory]
    [InlineData(1, 0xff, DamageReason.TruncatedRecord)]
    [InlineData(40, 0, DamageReason.AbsurdLength)]
    [InlineData(300_001, 0x55, DamageReason.AbsurdLength)]
    public void Poll_GarbageInTheMiddle_GoesOnAtTheNextBlock(int length, byte value, DamageReason reason)
    {
        var start = Capture().ToArray().Length;
        var bytes = Capture().Garbage([.. Enumerable.Repeat(value, length)]).Enhanced(0, Time, Packet).ToArray();

        var read = ReadCapture.From(bytes);

        Assert.Equal(3, read.Packets.Count);
        Assert.Equal([new Damage(start, reason, start + length)], read.File.Damages);
    }

    [Fact]
    public void Poll_LengthsOfABlockDiffer_LosesThatBlockAlone()
    {
        var start = Capture().ToArray().Length;
        var bytes = Capture().Enhanced(0, Time, Packet).Enhanced(0, Time, Packet).ToArray();
        bytes[start + 4] += 4;

        var read = ReadCapture.From(bytes);

        Assert.Equal(3, read.Packets.Count);
        Assert.Equal(1, read.File.DamageCounts[DamageReason.BadBlock]);
    }

    [Fact]
    public void Poll_DamageBeforeANewSection_GoesOnInItsOrder()
    {
        var bytes = Capture().Garbage([1, 2, 3, 4, 5, 6, 7, 8, 9]).Section(big: true).Interface()
            .Enhanced(0, Time, Packet).ToArray();

        Assert.Equal(3, ReadCapture.From(bytes).Packets.Count);
    }

    [Fact]
    public void Poll_PacketOfAnUnknownInterface_IsCountedAndSkipped()
    {
        var read = ReadCapture.From(Capture().Enhanced(7, Time, Packet).Enhanced(0, Time, Packet).ToArray());

        Assert.Equal(3, read.Packets.Count);
        Assert.Equal(1, read.File.DamageCounts[DamageReason.UnknownInterface]);
    }

    [Fact]
    public void Poll_PacketLongerThanItsBlock_IsCountedAndSkipped()
    {
        var bytes = Capture().Enhanced(0, Time, Packet).ToArray();
        var start = Capture().ToArray().Length;
        bytes[start + 21] = 0x10;

        var read = ReadCapture.From(bytes);

        Assert.Equal(2, read.Packets.Count);
        Assert.Equal([new Damage(start, DamageReason.BadBlock, bytes.Length)], read.File.Damages);
    }

    [Fact]
    public void Poll_BrokenSectionHeader_GoesOnBehindIt()
    {
        var bytes = Capture().ToArray();
        bytes[8] = 0;

        var read = ReadCapture.From(bytes);

        Assert.Equal(2, read.Packets.Count);
        Assert.Equal([new Damage(0, DamageReason.BadBlock, 28)], read.File.Damages);
    }

    [Fact]
    public void Poll_LongBlockThatEndsInAnotherLength_IsCountedAndTheNextFound()
    {
        var bytes = Capture().Block(4, w => w.Raw(new byte[700_000])).Enhanced(0, Time, Packet).ToArray();
        var start = Capture().ToArray().Length;
        bytes[start + 4] += 8;

        var read = ReadCapture.From(bytes);

        Assert.Equal(DamageReason.BadBlock, read.File.Damages.Single().Reason);
        Assert.Equal(start, read.File.Damages.Single().Offset);
    }
}
