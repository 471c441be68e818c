using ServeFlow.Benchmarks.Scale;

namespace ServeFlow.Tests.Scale;

/// <summary>Makes sites of simple figures: work takes as long beside other threads as alone.</summary>
static class SmallSite
{
    public static readonly Machine Machine = new(16, 16, 0, 1, double.PositiveInfinity);

    /// <summary>Creates a sensor of two packet threads that escalates half of 20,000 flows a second.</summary>
    public static Site Create(SlowTier? slow) => new()
    {
        FlowsPerSecond = 20_000,
        Workers = 2,
        Costs = new(1000, []),
        Machine = Machine,
        Slow = slow,
    };

    /// <summary>Creates a pool whose machines take 50 µs a flow on each of 16 threads.</summary>
    public static SlowTier CreateTier(int nodes = 1) =>
        new() { Share = 0.5, PerFlow = 50_000, Nodes = nodes, BytesOut = 400, BytesBack = 40 };
}
