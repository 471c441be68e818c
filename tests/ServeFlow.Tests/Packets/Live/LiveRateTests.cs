using System.Diagnostics;
using ServeFlow.Packets;
using ServeFlow.Packets.Live;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>
/// How many packets a second cross a link into a reader that only counts. Measured when asked for
/// (<c>-explicit only -class '*LiveRate*'</c>), never asserted.
/// </summary>
public sealed class LiveRateTests(ITestOutputHelper output)
{
    const int Packets = 2_000_000;

    [Theory(Explicit = true)]
    [InlineData(CaptureBackend.AfPacket, 46, false)]
    [InlineData(CaptureBackend.AfPacket, 1400, false)]
    [InlineData(CaptureBackend.AfPacket, 46, true)]
    [InlineData(CaptureBackend.AfPacket, 1400, true)]
    [InlineData(CaptureBackend.Pcap, 46, false)]
    [InlineData(CaptureBackend.Pcap, 1400, false)]
    public void Poll_AsFastAsTheSenderGoes_KeepsUp(CaptureBackend backend, int payload, bool lowLatency)
    {
        using var pair = VethPair.Create();
        var options = new LiveOptions { Interfaces = [VethPair.Far], Backend = backend, LowLatency = lowLatency };
        using var source = pair.Open(options)[0];
        using var sender = pair.OpenSender();
        byte[][] frames = [.. Enumerable.Range(0, 1024).Select(i => Frame.Simple(new byte[payload - 40]))];
        var watch = Stopwatch.StartNew();
        var sending = Task.Run(() => sender.Send(frames, Packets / frames.Length),
            TestContext.Current.CancellationToken);

        var (read, busy) = (0L, 0L);
        var burst = new PacketBurst();
        while (source.Poll(burst) && (burst.Count > 0 || !sending.IsCompleted))
        {
            read += burst.Count;
            busy += burst.Count > 0 ? 1 : 0;
        }

        var seconds = watch.Elapsed.TotalSeconds;
        var counters = source.ReadCounters(0);
        output.WriteLine(
            $"{backend}, low latency {lowLatency}, {payload + 14} bytes: sent {pair.Sent}, "
            + $"received {counters.Received}, read {read}, dropped {counters.DroppedByKernel}, "
            + $"{read / seconds / 1000:f0} kpps, {(double)read / busy:f0} a burst");
        Assert.Equal(counters.Received, read + counters.DroppedByKernel);
    }

    /// <summary>What taking a packet out of the ring costs by itself: the ring is full before reading begins.</summary>
    [Theory(Explicit = true)]
    [InlineData(46, false)]
    [InlineData(1400, false)]
    [InlineData(46, true)]
    [InlineData(1400, true)]
    public void Poll_FullRing_IsReadAtOnce(int payload, bool lowLatency)
    {
        using var pair = VethPair.Create();
        using var source = pair.Open(new() { Interfaces = [VethPair.Far], LowLatency = lowLatency })[0];
        using var sender = pair.OpenSender();
        var burst = new PacketBurst();
        for (var round = 0; round < 5; round++)
        {
            sender.Send([.. Enumerable.Range(0, 1000).Select(i => Frame.Simple(new byte[payload - 40]))], 30);
            var watch = Stopwatch.StartNew();
            var (read, sum) = (0, 0);
            while (source.HasBacklog && source.Poll(burst))
            {
                foreach (ref readonly var packet in burst.Packets)
                {
                    sum += packet.Bytes[12];
                }

                read += burst.Count;
            }

            output.WriteLine($"low latency {lowLatency}, {payload + 14} bytes: {read} read, "
                + $"{watch.Elapsed.TotalNanoseconds / read:f1} ns each");
            Assert.Equal(read * 8, sum);
        }
    }
}
