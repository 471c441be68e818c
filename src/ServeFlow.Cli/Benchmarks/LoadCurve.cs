using ServeFlow.Cascade;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Synthesis;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>Measures a few loads below and above the peak, half a second each: enough for a report's figures.</summary>
static class LoadCurve
{
    /// <summary>Specifies the flows for the search of the peak rate: those of a fraction of a second.</summary>
    const int PeakFlows = 50_000;

    /// <summary>Lists the loads as shares of the peak.</summary>
    static readonly double[] Loads = [0.25, 0.5, 0.75, 1, 1.25, 1.5];

    public static LoadRun Measure(CascadePlan plan, int seed, CancellationToken cancel)
    {
        var traffic = new SyntheticTraffic { Flows = PeakFlows, PacketsPerFlow = 10, Rate = PeakFlows, Seed = seed };
        var sweep = new LatencySweep(plan, traffic, seconds: 0.5, workers: 1);
        var peak = sweep.FindPeak(cancel);
        return LatencySweep.ToRun(sweep.Run(Loads.Select(load => Math.Round(peak * load)), cancel), workers: 1);
    }
}
