using ServeFlow.Benchmarks.Figures;

namespace ServeFlow.Benchmarks.Scale;

/// <summary>Makes everything that docs/scale.md says of machines and loads.</summary>
static class ScaleReport
{
    /// <summary>Holds the loads: their new flows a second, and the sites that these come to.</summary>
    static readonly (string Name, double FlowsPerSecond, int Sites)[] loads =
    [
        ("a city", 50_000, 1),
        ("a national backbone", 5_000_000, 10),
        ("the internet's edge", 100_000_000, 50),
    ];

    /// <summary>Holds what slow tiers take for a flow: trees in the sensor, a small CNN, a model of a millisecond.
    /// </summary>
    static readonly double[] slowTiers = [0, 200, 1000];

    static readonly double[] steps = [0.5, 1, 1.1, 1.25, 1.5, 2];

    static readonly (double DeadlineMs, int Credits)[] credits = [(200, 4), (200, 8), (200, 16), (200, 32), (2000, 4)];

    /// <param name="results">The path of <c>benchmarks/results</c>.</param>
    public static ScaleRun Create(string results)
    {
        var rates = new MeasuredRates(results);
        var calibration = Calibration.Fit(rates);
        var (machine, sizing) = (calibration.Machine, new Sizing(calibration, Sizing.Usual));
        return new(
            new(calibration.FlowNs, calibration.PacketNs, machine.Sharing, machine.Siblings, machine.MaxFlows,
                machine.LoneThreads, calibration.SinkNs),
            Sizing.Usual,
            [.. MeasuredChecks.Run(calibration, rates)],
            [.. from slow in slowTiers from load in loads
                select sizing.Plan(load.Name, load.FlowsPerSecond, load.Sites, slow)],
            [.. slowTiers.Skip(1).Select(sizing.FindLimits)],
            [.. steps.Select(step => Step(sizing, step))],
            [.. credits.Select(run => Credit(sizing, run.DeadlineMs, run.Credits))]);
    }

    /// <summary>Loads two sensors and two machines of a pool with a multiple of what the pool can compute.</summary>
    static LoadStep Step(Sizing sizing, double load)
    {
        const double SlowUs = 200;
        const int Nodes = 2;
        var flows = load * Nodes * sizing.PoolRate(SlowUs);
        var site = sizing.CreateSite(flows, 2, Nodes, SlowUs, Sizing.UsualCredits, Sizing.UsualDeadlineMs);
        return new(load, flows, Sizing.Simulate(site with { WarmUpSeconds = 2 }));
    }

    static CreditRun Credit(Sizing sizing, double deadlineMs, int credits)
    {
        const double SlowUs = 1000;
        var flows = loads[1].FlowsPerSecond / loads[1].Sites;
        var (sensors, pool) = (sizing.CountSensors(flows, true), sizing.CountPoolNodes(flows, SlowUs));
        var site = sizing.CreateSite(flows, sensors, pool, SlowUs, credits, deadlineMs);
        return new(deadlineMs, credits,
            Sizing.Simulate(site with { WarmUpSeconds = Math.Max(0.5, 1.5 * deadlineMs / 1e3) }));
    }
}
