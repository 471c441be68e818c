using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Packets.Headers;
using ServeFlow.Telemetry;
using ServeFlow.Tests.Packets.Captures;
using Xunit;

namespace ServeFlow.Tests.Packets;

public sealed class PacketAllocationTests
{
    static byte[] Capture(bool isPcapng)
    {
        var pcap = new CaptureBuilder();
        var pcapng = new PcapngBuilder().Section().Interface();
        for (var i = 0; i < 20_000; i++)
        {
            var frame = FrameSeeds.All[i % FrameSeeds.All.Count];
            pcap.Add(1_700_000_000_000_000_000, frame);
            if (isPcapng)
            {
                pcapng.Enhanced(0, 1, frame);
            }
        }

        return isPcapng ? pcapng.ToArray() : pcap.ToArray();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void PollAndDecode_Warm_AllocatesNothing(bool isPcapng)
    {
        var bytes = Capture(isPcapng);

        // The runtime allocates now and then on its own account: a path that allocates does so every time.
        Assert.Equal(0, Enumerable.Range(0, 3).Min(_ => Allocated(bytes)));
    }

    static long Allocated(byte[] bytes)
    {
        using var capture = CaptureFile.Open(new MemoryStream(bytes), "test");
        var ignored = new Tally<IgnoreReason>();
        var burst = new PacketBurst();
        Assert.True(capture.Poll(burst));
        var decoded = Decode(burst, ignored);

        var before = GC.GetAllocatedBytesForCurrentThread();
        while (capture.Poll(burst))
        {
            decoded += Decode(burst, ignored);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(20_000, decoded + ignored.Total);
        return allocated;
    }

    static long Decode(PacketBurst burst, Tally<IgnoreReason> ignored)
    {
        var decoded = 0L;
        foreach (ref readonly var packet in burst.Packets)
        {
            decoded += PacketDecoder.TryDecode(packet, out _, ignored) ? 1 : 0;
        }

        return decoded;
    }
}
