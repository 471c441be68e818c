using System.CommandLine;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cli.Benchmarks;
using ServeFlow.Cli.Commands.Benchmarks;
using ServeFlow.Cli.Terminal;
using ServeFlow.Sinks;
using ServeFlow.Training.Synthesis;
using Xunit;

namespace ServeFlow.Cli.Tests.Benchmarks;

public sealed class BenchRateTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("serveflow-rate").FullName;

    public BenchRateTests() => SmallBundle.Write(folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_AnyWorkers_CountsOneRoundExactly(int workers)
    {
        var traffic = new SyntheticTraffic { Flows = 3000, PacketsPerFlow = 4, Rate = 5000 };
        var shares = BenchShares.Synthesise(traffic, workers, null, TestContext.Current.CancellationToken);

        var rate = new RateBench(Bundle.Load(folder).Plan, shares, () => new NullSink())
            .Run(null, TestContext.Current.CancellationToken).ToDocument("null");

        Assert.Equal(3000, rate.Flows);
        Assert.Equal(12_000, rate.Packets);
        Assert.Equal(4, rate.PacketsPerFlow);
        Assert.Equal(0, rate.Unanswered);
        Assert.Equal(1, rate.Tiers[0].AnsweredShare);
        Assert.Equal(workers, rate.Workers);
        Assert.True(rate.CpuSeconds > 0);
        Assert.Equal(rate.Flows / rate.CpuSeconds, rate.FlowsPerCpuSecond, rate.FlowsPerCpuSecond * 0.01);
    }

    [Fact]
    public void Rate_EveSink_Succeeds() => Assert.Equal(CommandRunner.Succeeded, CommandRunner.Run(
        new RootCommand { BenchCommand.Create() }, ["bench", "rate", folder, "--flows", "200", "--sink", "eve"]));
}
