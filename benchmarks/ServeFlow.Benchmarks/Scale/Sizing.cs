using ServeFlow.Benchmarks.Figures;

namespace ServeFlow.Benchmarks.Scale;

/// <summary>Computes how many machines a load needs, by the formula of docs/scale.md.</summary>
/// <param name="calibration">The constants that were fitted to measurements.</param>
/// <param name="assumptions">What was not measured, or is a choice.</param>
sealed class Sizing(Calibration calibration, ScaleAssumptions assumptions)
{
    /// <summary>Holds the assumptions of docs/scale.md. A packet is sent as 40 bytes, two records take 940 bytes each,
    /// and an answer has eleven classes.</summary>
    public static readonly ScaleAssumptions Usual = new(
        Threads: 16, Workers: 12, Load: 0.6, PacketsPerFlow: 10, EscalatedShare: 0.2, TransportUs: 2, CallUs: 65,
        BytesOut: 402, BytesBack: 44, RecordBytes: 1880, LinkGbit: 25, RoundTripUs: 200, ThreadHourPrice: 0.04);

    /// <summary>Holds the credits and the deadline that <c>serve</c> has by default.</summary>
    public const int UsualCredits = 4;

    public const double UsualDeadlineMs = 200;

    const double HoursOfMonth = 730;

    /// <summary>Limit a simulation: a second, or the time in which this many flows come, if that is shorter, but no
    /// less than the minimum.</summary>
    const double SimulatedFlows = 600_000, MinSeconds = 0.3;

    readonly Machine machine = calibration.Machine;

    /// <summary>Gets the new flows a second that the packet threads of a sensor take while its other threads work too.
    /// </summary>
    public double SensorRate => Math.Min(machine.MaxFlows, assumptions.Workers * 1e9
        / (calibration.FlowNs + ((assumptions.PacketsPerFlow - 1) * calibration.PacketNs))
        / machine.Slowdown(machine.Threads));

    /// <summary>Gets the new flows a second whose records the sink of a sensor writes.</summary>
    public double SinkRate => 1e9 / calibration.SinkNs;

    /// <summary>Computes the machines of sensors.</summary>
    public int CountSensors(double flowsPerSecond, bool writesRecords) => (int)Math.Ceiling(flowsPerSecond
        / (assumptions.Load * (writesRecords ? Math.Min(SensorRate, SinkRate) : SensorRate)));

    /// <summary>Computes the machines of the pool: one more than the load takes, so that one may fail.</summary>
    /// <param name="slowUs">The slow tier's time of a flow on a lone thread, in microseconds.</param>
    public int CountPoolNodes(double flowsPerSecond, double slowUs) =>
        1 + (int)Math.Ceiling(flowsPerSecond / (assumptions.Load * PoolRate(slowUs)));

    /// <summary>Computes the new flows a second for which a machine of the pool takes what escalates.</summary>
    public double PoolRate(double slowUs) =>
        machine.LoneThreads * 1e6 / (assumptions.EscalatedShare * (slowUs + assumptions.TransportUs));

    /// <summary>Computes the credits by which all threads of a pool can have a batch at a time.</summary>
    public int CountCredits(int sensors, int poolNodes) => Math.Max(UsualCredits,
        (int)Math.Ceiling((double)poolNodes * assumptions.Threads / (sensors * assumptions.Workers)));

    /// <summary>Plans a load that is spread evenly over sites, and simulates one of them.</summary>
    /// <param name="slowUs">The slow tier's time of a flow; 0 where sensors score it themselves.</param>
    public SitePlan Plan(string name, double flowsPerSecond, int sites, double slowUs)
    {
        var ofSite = flowsPerSecond / sites;
        var sensors = CountSensors(ofSite, writesRecords: true);
        var pool = slowUs > 0 ? CountPoolNodes(ofSite, slowUs) : 0;
        var credits = CountCredits(sensors, pool);
        var escalated = slowUs > 0 ? flowsPerSecond * assumptions.EscalatedShare : 0;
        return new(name, flowsPerSecond, sites, slowUs, sites * sensors,
            sites * CountSensors(ofSite, writesRecords: false), sites * pool, credits,
            Gbit(escalated * (assumptions.BytesOut + assumptions.BytesBack)),
            Gbit(flowsPerSecond * assumptions.RecordBytes),
            sites * (sensors + pool) * assumptions.Threads * assumptions.ThreadHourPrice * HoursOfMonth,
            Simulate(CreateSite(ofSite, sensors, pool, slowUs, credits, UsualDeadlineMs)));
    }

    /// <summary>Computes where each part of a sensor is full.</summary>
    public SensorLimits FindLimits(double slowUs)
    {
        var busyNs = (slowUs + assumptions.TransportUs) * 1e3 * machine.Slowdown(machine.Threads);
        var link = assumptions.LinkGbit * 1e9 / 8;
        return new(slowUs, SensorRate, SinkRate, link / assumptions.RecordBytes,
            link / (assumptions.EscalatedShare * assumptions.BytesOut),
            UsualCredits * assumptions.Workers * 1e9 / busyNs / assumptions.EscalatedShare,
            Math.Floor(UsualDeadlineMs * 1e6 / busyNs));
    }

    /// <summary>Creates a site of these machines.</summary>
    /// <param name="credits">Credits of a packet thread.</param>
    /// <param name="deadlineMs">The most that a flow waits for the slow tier.</param>
    public Site CreateSite(
        double flowsPerSecond, int sensors, int pool, double slowUs, int credits, double deadlineMs)
    {
        var tier = pool == 0 ? null : CreateTier(slowUs, pool);
        return new()
        {
            FlowsPerSecond = flowsPerSecond,
            Sensors = sensors,
            Workers = assumptions.Workers,
            PacketsPerFlow = assumptions.PacketsPerFlow,
            Costs = calibration.CreateCosts(assumptions.PacketsPerFlow, withLast: tier is null),
            Machine = machine,
            SinkPerFlow = calibration.SinkNs,
            SinkQueue = 32_768.0 * assumptions.Workers,
            Seconds = Math.Clamp(SimulatedFlows / flowsPerSecond, MinSeconds, 1),
            Slow = tier is null ? null : tier with { Credits = credits, Deadline = deadlineMs * 1e6 },
        };
    }

    /// <summary>Simulates a site and gives shares of its flows.</summary>
    public static SiteOutcome Simulate(Site site)
    {
        var tally = SiteSimulation.Run(site);
        double Share(SlowOutcome outcome) => tally.Flows(outcome) / tally.Offered;
        var (late, lost, noCredit) = (Share(SlowOutcome.Late), Share(SlowOutcome.Lost), Share(SlowOutcome.NoCredit));
        var sent = tally.Flows(SlowOutcome.Answered) + tally.Flows(SlowOutcome.Late) + tally.Flows(SlowOutcome.Lost);
        return new(late + lost + noCredit, late, lost, noCredit, tally.Dropped / tally.Offered,
            tally.RecordsLost / (2 * tally.Offered), tally.Batches > 0 ? sent / tally.Batches : 0,
            tally.Sensor.Quantile(0.5) / 1e3, tally.Sensor.Quantile(0.99) / 1e3,
            tally.Slow.Quantile(0.5) / 1e3, tally.Slow.Quantile(0.99) / 1e3);
    }

    SlowTier CreateTier(double slowUs, int pool) => new()
    {
        Share = assumptions.EscalatedShare,
        PerFlow = slowUs * 1e3,
        Nodes = pool,
        Local = assumptions.Threads - assumptions.Workers - 1,
        Transport = assumptions.TransportUs * 1e3,
        Call = assumptions.CallUs * 1e3,
        BytesOut = assumptions.BytesOut,
        BytesBack = assumptions.BytesBack,
        LinkBytes = assumptions.LinkGbit / 8,
        RoundTrip = assumptions.RoundTripUs * 1e3,
    };

    static double Gbit(double bytes) => bytes * 8 / 1e9;
}
