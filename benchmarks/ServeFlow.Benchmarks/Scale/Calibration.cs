using ServeFlow.Benchmarks.Figures;

namespace ServeFlow.Benchmarks.Scale;

/// <summary>
/// Holds the constants of the simulation, fitted to measured rates. Two runs of <c>bench rate</c> on sixteen virtual
/// cores are used with 1, 4 and 16 workers; the points of 2 and 8 workers are left to test the model on.
/// </summary>
sealed record Calibration
{
    /// <summary>Holds the workers of the points that constants are fitted to.</summary>
    public static readonly int[] FittedWorkers = [1, 4, 16];

    /// <summary>Holds the workers of all points.</summary>
    public static readonly int[] AllWorkers = [1, 2, 4, 8, 16];

    const int Cores = 8, Threads = 16;

    /// <summary>Gets the machine of the rates. That its sixteen virtual cores are two threads of eight cores is an
    /// assumption.</summary>
    public required Machine Machine { get; init; }

    /// <summary>Gets nanoseconds of a flow of one packet, of all tiers in full batches.</summary>
    public required double FlowNs { get; init; }

    /// <summary>Gets nanoseconds of each further packet of a flow.</summary>
    public required double PacketNs { get; init; }

    /// <summary>Gets nanoseconds of the sink for the records of a flow.</summary>
    public required double SinkNs { get; init; }

    /// <summary>Gets the times of the tier of 1,056 trees on the same machine.</summary>
    public required BatchCurve Trees { get; init; }

    /// <summary>Gets the share of the flows that reach this tier, and of those that reach the tier after it.</summary>
    public required (double Trees, double Last) Reached { get; init; }

    /// <summary>Fits the constants. With T workers a flow takes <c>t · (1 + β · log2 T)</c> of a thread, up to as many
    /// workers as cores.</summary>
    public static Calibration Fit(MeasuredRates rates)
    {
        var (one, ten) = (rates.MeanTime(1, 1), rates.MeanTime(10, 1));
        var (oneOfFour, tenOfFour) = (rates.MeanTime(1, 4), rates.MeanTime(10, 4));
        var growth = Math.Sqrt(oneOfFour / one * (tenOfFour / ten));
        var (flow, tenPackets) = (Math.Sqrt(one * oneOfFour / growth), Math.Sqrt(ten * tenOfFour / growth));
        var sharing = (growth - 1) / Math.Log2(4);
        var siblings = rates.MeanTime(10, Threads) / (tenPackets * (1 + (sharing * Math.Log2(Cores))));
        return new()
        {
            Machine = new(Cores, Threads, sharing, siblings, Threads / rates.MeanTime(1, Threads) * 1e9),
            FlowNs = flow,
            PacketNs = (tenPackets - flow) / 9,
            SinkNs = 1e9 / rates.Epyc.Rate(1, 2, "eve").FlowsPerSecond,
            Trees = FitTrees(rates.Xeon.Model("model-lgbm-1")),
            Reached = ReadReached(rates.Xeon.Rate(10, 1, "null")),
        };
    }

    /// <summary>Computes what a packet thread takes for flows.</summary>
    /// <param name="packets">Packets of a flow.</param>
    /// <param name="withLast">Whether it scores the last tier too.</param>
    public SensorCosts CreateCosts(int packets, bool withLast)
    {
        var all = SensorCosts.FromFullBatches(FlowNs + ((packets - 1) * PacketNs),
            [new(Reached.Trees, Trees), new(Reached.Last, Trees)]);
        return withLast ? all : all with { Tiers = [all.Tiers[0]] };
    }

    /// <summary>The kernel for few flows is fitted to batches of 1 and 16, that of planes to a full batch and its part
    /// that grows with the flows.</summary>
    static BatchCurve FitTrees(ModelRun run)
    {
        var (one, sixteen) = (run.BatchTime(1), run.BatchTime(16));
        var each = (sixteen - one) / 15;
        var planes = run.BatchTime(512) - (512 * run.PlanesNsPerFlow);
        return new(512, planes, run.PlanesNsPerFlow, one - each, each);
    }

    static (double Trees, double Last) ReadReached(RateRun run) =>
        (1 - run.Tiers[0].AnsweredShare, run.Tiers[^1].AnsweredShare);
}
