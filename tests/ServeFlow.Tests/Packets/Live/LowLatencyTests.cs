using ServeFlow.Packets.Live;
using ServeFlow.Tests.Packets.Filters;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>Where a ring of single packets differs from one of blocks, and where it must not.</summary>
public sealed class LowLatencyTests
{
    /// <summary>Longer than a place in the ring: two that just fit, one byte more, jumbo frames, and receive offload.
    /// </summary>
    static readonly int[] lengths = [1900, 1940, 1978, 1979, 2030, 2048, 4096, 9000, 30_000, 65_000];

    [Fact]
    public void HasBacklog_OnePacket_IsThereAtOnce()
    {
        using var pair = VethPair.Create();
        using var source = pair.OpenRing(lowLatency: true)[0];
        using var sender = pair.OpenSender();

        sender.Send(Frame.Simple());

        Assert.True(source.HasBacklog); // a ring of blocks would show it when its timer fires
        Assert.Single(source.Read(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_LongFramesAmongShortOnes_ArriveByteForByte(bool lowLatency)
    {
        using var pair = VethPair.Create();
        using var source = pair.OpenRing(lowLatency)[0];
        using var sender = pair.OpenSender();
        var sent = 0L;

        foreach (var length in lengths)
        {
            byte[][] frames = [Frame.Simple([1]), Long(length), Tagged(length), Frame.Simple([2]), Long(length + 1)];
            sender.Send(frames);
            var packets = source.Read(frames.Length);

            Assert.Equal(frames, packets.Select(packet => packet.Bytes));
            Assert.Equal(frames.Select(frame => frame.Length), packets.Select(packet => packet.OriginalLength));
            Assert.Equal(new CaptureCounters(sent += frames.Length, 0, 0), source.ReadCounters(0));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Poll_LongFramesOnAny_HaveTheirCookedHeaders(bool lowLatency)
    {
        using var pair = VethPair.Create();
        using var source = pair.Open(new() { Interfaces = ["any"], LowLatency = lowLatency })[0];
        using var sender = pair.OpenSender();

        sender.Send(Long(9000), Tagged(9000));
        var packets = source.Read(2);

        Assert.Equal(Long(9000)[12..], packets[0].Bytes[14..]);
        Assert.Equal(Tagged(9000)[12..], packets[1].Bytes[14..]);
        Assert.All(packets, packet => Assert.Equal(packet.Bytes.Length, packet.OriginalLength));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2000)]
    [InlineData(3000)]
    public void Poll_SnapLengths_CutAsARingOfBlocksDoes(int snapLength)
    {
        PcapOracle.RequireLibrary();
        using var pair = VethPair.Create();
        var options = new LiveOptions { Interfaces = [VethPair.Far], SnapLength = snapLength, Filter = "ip or vlan" };
        using var blocks = pair.Open(options)[0];
        using var frames = pair.Open(options with { LowLatency = true })[0];
        using var sender = pair.OpenSender();

        byte[][] sent = [Long(9000), Tagged(9000), Frame.Simple(), Long(snapLength), Long(snapLength + 1),
            Tagged(snapLength), Tagged(snapLength + 1)];
        sender.Send(sent);
        var expected = blocks.Read(sent.Length);
        var actual = frames.Read(sent.Length);

        Assert.Equal(sent.Length, expected.Count);
        Assert.Equal(expected.Select(packet => packet.Bytes), actual.Select(packet => packet.Bytes));
        Assert.Equal(expected.Select(packet => packet.OriginalLength), actual.Select(packet => packet.OriginalLength));
        Assert.Equal(blocks.ReadCounters(0), frames.ReadCounters(0));
    }

    /// <summary>Whole long packets wait in the socket's buffer. Those that find it full keep their beginning.</summary>
    [Fact]
    public void Poll_MoreLongFramesThanTheSocketHolds_AreCutAndNoneIsLostOrMixedUp()
    {
        const int Sent = 400;
        using var pair = VethPair.Create();
        using var source = pair.Open(new() { Interfaces = [VethPair.Far], LowLatency = true })[0];
        using var sender = pair.OpenSender();
        byte[][] frames = [.. Enumerable.Range(0, Sent).Select(i => i % 3 == 2 ? Frame.Simple([(byte)i])
            : Long(60_000 + i))];

        sender.Send(frames);
        var packets = source.Read(Sent);
        sender.Send(Long(50_000));
        packets.AddRange(source.Read(1));

        Assert.Equal(frames.Append(Long(50_000)).Select(frame => frame.Length),
            packets.Select(packet => packet.OriginalLength));
        Assert.All(frames.Append(Long(50_000)).Zip(packets),
            two => Assert.Equal(two.First[..two.Second.Bytes.Length], two.Second.Bytes));
        Assert.All(packets,
            packet => Assert.InRange(packet.Bytes.Length, Math.Min(packet.OriginalLength, 1900), 65_000));
        Assert.Contains(packets, packet => packet.Bytes.Length < packet.OriginalLength);
        Assert.Equal(50_000, packets[^1].Bytes.Length);
        Assert.Equal(new CaptureCounters(Sent + 1, 0, 0), source.ReadCounters(0));
    }

    /// <summary>Long packets that find the ring full are dropped whole: none is left over in the socket.</summary>
    [Fact]
    public void ReadCounters_LongFramesAndAFullRing_TellsEveryDropAndGoesOnInStep()
    {
        const int Sent = 1000;
        using var pair = VethPair.Create();
        using var source = pair.Open(new() { Interfaces = [VethPair.Far], RingBytes = 1, LowLatency = true })[0];
        using var sender = pair.OpenSender();
        byte[][] frames = [.. Enumerable.Range(0, Sent).Select(i => Long(3000 + i))];

        sender.Send(frames);
        var packets = source.Read(Sent, emptyPolls: 20);
        var counters = source.ReadCounters(0);
        sender.Send(Long(5000), Frame.Simple(), Long(6000));
        var afterwards = source.Read(3);

        Assert.Equal(Sent, counters.Received);
        Assert.Equal(Sent, packets.Count + counters.DroppedByKernel);
        Assert.InRange(counters.DroppedByKernel, 1, Sent - 1);
        Assert.All(frames.Zip(packets), two => Assert.Equal(two.First[..two.Second.Bytes.Length], two.Second.Bytes));
        Assert.Equal([Long(5000), Frame.Simple(), Long(6000)], afterwards.Select(packet => packet.Bytes));
    }

    [Fact]
    public void Poll_ThroughLibpcap_ArrivesByteForByte()
    {
        PcapOracle.RequireLibrary();
        using var pair = VethPair.Create();
        using var source = pair.Open(new()
        {
            Interfaces = [VethPair.Far],
            Backend = CaptureBackend.Pcap,
            LowLatency = true,
        })[0];
        using var sender = pair.OpenSender();

        sender.Send(Frame.Simple([1]), Long(9000), Tagged(100));

        Assert.Equal([Frame.Simple([1]), Long(9000), Tagged(100)], source.Read(3).Select(packet => packet.Bytes));
    }

    /// <summary>Creates a frame of a given length, in which each byte differs from its neighbours.</summary>
    static byte[] Long(int length) =>
        Frame.Simple([.. Enumerable.Range(0, length - Frame.Simple().Length).Select(i => (byte)((i * 7) + length))]);

    static byte[] Tagged(int length)
    {
        var plain = Long(length - 4);
        return [.. plain.AsSpan(0, 12), 0x81, 0, 0, 7, .. plain.AsSpan(12)];
    }
}
