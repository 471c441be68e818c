using ServeFlow.Cascade;
using ServeFlow.Cli.Terminal;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Synthesis;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>Answers timed at one offered load after the other.</summary>
/// <param name="traffic">Packets of each flow, and the seed; loads give rate and number of flows.</param>
/// <param name="seconds">How long flows arrive at each load.</param>
/// <param name="workers">Threads; each has its share of the flows.</param>
sealed class LatencySweep(CascadePlan plan, SyntheticTraffic traffic, double seconds, int workers)
{
    /// <summary>New flows a second that the workers take where nothing makes them wait.</summary>
    public double FindPeak(CancellationToken cancel)
    {
        var shares = RateBench.Partition(traffic.Generate(cancel: cancel), workers);
        return new RateBench(plan, shares, () => new NullSink()).Run(null, cancel).FlowsPerSecond;
    }

    /// <param name="rates">Offered, in new flows a second.</param>
    public IEnumerable<LatencyResult> Run(IEnumerable<double> rates, CancellationToken cancel)
    {
        WarmUp.Run(plan);
        foreach (var rate in rates)
        {
            yield return MeasureAt(rate, cancel);
        }
    }

    /// <summary>Puts results together as <c>bench latency --json</c> prints them.</summary>
    public static LoadRun ToRun(IEnumerable<LatencyResult> results, int workers) => new()
    {
        Cpu = CpuName.Value,
        Workers = workers,
        Points = [.. results.Select(result => result.ToPoint())],
    };

    LatencyResult MeasureAt(double rate, CancellationToken cancel)
    {
        var flows = (int)Math.Clamp(rate * seconds, 1, SyntheticTraffic.MaxFlows);
        using var line = new ProgressLine();
        var packets = (traffic with { Flows = flows, Rate = rate }).Generate(
            line.Adapt<double>(done => (done, $"making {rate:N0} flows/s")),
            cancel);
        line.Clear();
        return new LatencyBench(plan, RateBench.Partition(packets, workers), rate, flows / rate).Run(cancel);
    }
}
