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
        var packets = new SyntheticTraffic { Flows = 600, PacketsPerFlow = 2, Rate = 20_000 }.Generate(cancel: cancel);

        var json = new LatencyBench(Bundle.Load(folder).Plan, RateBench.Partition(packets, workers), 20_000, 0.03)
            .Run(cancel).ToJson();

        Assert.Equal(0, (long)json["dropped"]!);
        Assert.Equal(0, (long)json["unanswered"]!);
        Assert.Equal(1, (double)json["first_packet"]!["share"]!);
        Assert.InRange((long)json["p50_us"]!, 0, (long)json["p99_us"]!);
        Assert.InRange((double)json["under_1ms"]!, 0, (double)json["under_16ms"]!);
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
