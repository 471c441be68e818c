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
    /// <summary>Limits the packets of one load, over all workers: about three gigabytes of memory.</summary>
    const int MaxPackets = 1 << 24;

    /// <summary>Measures how many new flows a second the workers take where nothing makes them wait. Workers that share
    /// a core share its flows too, so that the search takes as long for many workers as for few.</summary>
    public double FindPeak(CancellationToken cancel)
    {
        var cores = Math.Min(workers, Environment.ProcessorCount);
        var shares = BenchShares.Synthesise(
            traffic with { Flows = traffic.Flows * cores, Rate = traffic.Rate * cores }, workers, null, cancel);
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
        var most = Math.Min(SyntheticTraffic.MaxFlows, MaxPackets / traffic.PacketsPerFlow);
        var flows = (int)Math.Clamp(rate * seconds, 1, most);
        using var line = new ProgressLine();
        var shares = BenchShares.Synthesise(traffic with { Flows = flows, Rate = rate }, workers,
            line.Adapt<double>(done => (done, $"making {rate:N0} flows/s")), cancel);
        line.Clear();
        GC.Collect(); // a collection of what making the packets left would fall into the measurement
        return new LatencyBench(plan, shares, rate, flows / rate).Run(cancel);
    }
}
