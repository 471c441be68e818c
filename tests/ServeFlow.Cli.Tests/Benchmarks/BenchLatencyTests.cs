using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Benchmarks;
using ServeFlow.Packets;
using ServeFlow.Training.Synthesis;
using Xunit;

namespace ServeFlow.Cli.Tests.Benchmarks;

public sealed class BenchLatencyTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-latency").FullName;

    public BenchLatencyTests() => SmallBundle.Write(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_AnyWorkers_TimesEveryFlow(int workers)
    {
        var cancel = TestContext.Current.CancellationToken;
        var traffic = new SyntheticTraffic { Flows = 601, PacketsPerFlow = 2, Rate = 20_000 };
        var shares = BenchShares.Synthesise(traffic, workers, null, cancel);

        var point = new LatencyBench(Bundle.Load(folder).Plan, shares, 20_000, 0.03).Run(cancel).ToPoint();

        Assert.Equal(601, point.Flows);
        Assert.Equal(1202, point.Packets);
        Assert.True(point.CpuSeconds > 0 && point.Seconds > 0);
        Assert.InRange(point.CoreWaitSeconds, 0, point.Seconds);
        Assert.InRange(point.PausedSeconds, 0, point.Seconds);
        Assert.Equal(0, point.Dropped);
        Assert.Equal(0, point.Unanswered);
        Assert.Equal(1, point.FirstPacket.Share);
        Assert.InRange(point.P50Us, 0, point.P99Us);
        Assert.InRange(point.Under1Ms, 0, point.Under16Ms);
    }

    [Fact]
    public void Poll_ReaderSlowerThanTheRing_DropsWhatFindsItFullAndCountsIt()
    {
        var memory = new PacketMemory();
        for (var i = 0; i < 70_000; i++)
        {
            memory.Add(new byte[60], 60, i, LinkType.Ethernet);
        }

        using var source = new OpenLoopSource(memory, startTicks: 0, firstNs: 0);
        var (burst, taken) = (new PacketBurst(), 0L);
        source.Poll(burst);
        var pressure = source.Pressure;
        for (taken = burst.Count; source.Poll(burst);)
        {
            taken += burst.Count;
        }

        Assert.Equal(70_000, taken + source.Dropped);
        Assert.Equal(70_000 - 65_536, source.Dropped);
        Assert.InRange(pressure, 0.9, 1);
    }
}
