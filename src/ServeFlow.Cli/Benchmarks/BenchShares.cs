using ServeFlow.Packets;
using ServeFlow.Training.Synthesis;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>Makes the packets that each worker of a benchmark gets: whole flows, about as many for each.</summary>
static class BenchShares
{
    /// <summary>Synthesises the shares side by side, each with hosts of its own, since one thread would take longer to
    /// make the packets of many workers than they take to serve them.</summary>
    /// <param name="traffic">All workers' flows together and their rate.</param>
    /// <param name="workers">The shares; each has the flows and the rate divided by it.</param>
    /// <param name="progress">Told the share of flows that have begun, by the first worker's.</param>
    public static IReadOnlyList<PacketMemory> Synthesise(SyntheticTraffic traffic, int workers,
        IProgress<double>? progress, CancellationToken cancel)
    {
        var shares = new PacketMemory[workers];
        var options = new ParallelOptions { CancellationToken = cancel };
        Parallel.For(0, workers, options, worker => shares[worker] = (traffic with
        {
            Flows = Math.Max(1, CountFlows(traffic.Flows, workers, worker)),
            Rate = traffic.Rate / workers,
            Seed = traffic.Seed + worker,
        }).Generate(worker == 0 ? progress : null, cancel));
        return shares;
    }

    static int CountFlows(int flows, int workers, int worker) =>
        (flows / workers) + (worker < flows % workers ? 1 : 0);
}
