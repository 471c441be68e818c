using ServeFlow.Benchmarks.Figures;

namespace ServeFlow.Benchmarks.Scale;

/// <summary>Simulates what was measured, for a comparison.</summary>
static class MeasuredChecks
{
    /// <summary>Offered, as a multiple of what was measured, where a rate is to be found.</summary>
    const double Flood = 3;

    const double RateSeconds = 0.05;

    static readonly int[] packetsPerFlow = [1, 10];

    /// <summary>Holds the flows of measured batches that the curve is fitted to, and of those that it is not.</summary>
    static readonly int[] fittedBatches = [1, 16, 512], otherBatches = [4, 64];

    static readonly int[] epycBatches = [8, 64];

    static readonly string[] epycTiers = ["dt-1", "lgbm-1", "lgbm-10"];

    public static IEnumerable<CheckedPoint> Run(Calibration calibration, MeasuredRates rates) =>
    [
        .. from packets in packetsPerFlow
           from workers in Calibration.AllWorkers
           let simulated = Rate(calibration, packets, workers)
           let fitted = Calibration.FittedWorkers.Contains(workers)
           from run in new[] { (Name: "rate", Flows: rates.First(packets, workers)),
               (Name: "rate, second run", Flows: rates.Second(packets, workers)) }
           select new CheckedPoint(run.Name, MeasuredRates.Name(packets, workers), fitted, run.Flows, simulated),
        .. Batches(calibration, rates),
        .. Latencies(rates),
    ];

    /// <summary>Simulates <c>bench rate</c> on the machine of the rates; returns new flows a second.</summary>
    static double Rate(Calibration calibration, int packets, int workers)
    {
        var costs = calibration.CreateCosts(packets, withLast: true);
        var tally = SiteSimulation.Run(new()
        {
            FlowsPerSecond = Flood * workers / costs.Time(SensorCosts.FullBatch) * SensorCosts.FullBatch * 1e9,
            Workers = workers,
            PacketsPerFlow = packets,
            Costs = costs,
            Machine = calibration.Machine,
            Seconds = RateSeconds,
            WarmUpSeconds = RateSeconds,
        });
        return tally.Sensor.Flows / RateSeconds;
    }

    /// <summary>Compares batches of few flows with those that were measured.</summary>
    static IEnumerable<CheckedPoint> Batches(Calibration calibration, MeasuredRates rates)
    {
        var run = rates.Xeon.Model("model-lgbm-1");
        foreach (var flows in fittedBatches.Concat(otherBatches).Order())
        {
            yield return new("batch, Sapphire Rapids", $"1,056 trees, {flows} flows", fittedBatches.Contains(flows),
                run.BatchTime(flows) / flows, calibration.Trees.Time(flows) / flows);
        }

        foreach (var (name, curve) in EpycTiers(rates.Epyc))
        {
            foreach (var flows in epycBatches)
            {
                yield return new("batch, EPYC", $"{name}, {flows} flows", false,
                    rates.Epyc.Model($"model-{name}").BatchTime(flows) / flows, curve.Time(flows) / flows);
            }
        }
    }

    /// <summary>Compares the wait of flows that packet 1 answers on the EPYC, where its worker is not overloaded.
    /// </summary>
    static IEnumerable<CheckedPoint> Latencies(MeasuredRates rates)
    {
        var loads = rates.Epyc.Latency().Offered;
        var peak = loads[0].FlowsPerSecond * 4; // the loads are 25, 50, 75 and 90 % of it
        var shares = rates.Epyc.Rate(10, 1, "null").Tiers;
        var reached = new[] { 1, 1 - shares[0].AnsweredShare, shares[^1].AnsweredShare };
        var tiers = EpycTiers(rates.Epyc).Zip(reached, (tier, share) => new SensorTier(share, tier.Curve));
        var costs = SensorCosts.FromFullBatches(1e9 / peak, [.. tiers]);
        foreach (var load in loads.Take(2))
        {
            var tally = SiteSimulation.Run(new()
            {
                FlowsPerSecond = load.FlowsPerSecond,
                Workers = 1,
                Costs = costs,
                Machine = new(2, 2, 0, 1, double.PositiveInfinity),
            });
            yield return new("median wait, EPYC", $"{load.FlowsPerSecond:N0} flows a second", false,
                load.FirstPacket.P50Us * 1e3, tally.Sensor.Quantile(0.5));
        }
    }

    /// <summary>Returns the tiers of the EPYC's cascade in order, of kernels that hold 256 flows.</summary>
    static IEnumerable<(string Name, BatchCurve Curve)> EpycTiers(ResultFiles epyc) =>
        from name in epycTiers
        let run = epyc.Model($"model-{name}")
        select (name, BatchCurve.FromPlanes(256, run.BatchTime(1), run.BatchTime(512), 512));
}
