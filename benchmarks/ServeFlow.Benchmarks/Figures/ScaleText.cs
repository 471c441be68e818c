namespace ServeFlow.Benchmarks.Figures;

/// <summary>Writes what the simulation of sensors and pools gave.</summary>
static class ScaleText
{
    /// <summary>Writes the formula with its constants.</summary>
    public static string Formula(ScaleRun run)
    {
        var (constants, assumed) = (run.Constants, run.Assumptions);
        var load = assumed.Load;
        var city = run.Plans.First(plan => plan.SlowUs >= 1000);
        var (flows, work) = ($"{city.FlowsPerSecond:N0}", city.SlowUs + assumed.TransportUs);
        var pool = 1 + (city.FlowsPerSecond / load * assumed.EscalatedShare * work / 1e6 / constants.LoneThreads);
        var slower = assumed.Threads / constants.LoneThreads;
        var (flow, packet, sink) = (slower * constants.FlowNs / assumed.Workers / 1e3,
            slower * constants.PacketNs / assumed.Workers / 1e3, constants.SinkNs / 1e3);
        return $"""
            ```
            sensors = F ÷ {load} × the larger of {flow:0.00} µs + {packet:0.000} µs × (P − 1) and {sink:0.00} µs
            pool    = F ÷ {load} × E × (T + {assumed.TransportUs} µs) ÷ {constants.LoneThreads:0.0} + 1
            credits = pool × {assumed.Threads} ÷ (sensors × {assumed.Workers}), at least 4
            ```

            A city of {flows} flows a second, of which {assumed.EscalatedShare} escalate to a model of {city.SlowUs:N0} µs:
            {flows} ÷ {load} × {sink:0.00} µs is {city.FlowsPerSecond / load * sink / 1e6:0.00}, one sensor;
            {flows} ÷ {load} × {assumed.EscalatedShare} × {work:N0} µs ÷ {constants.LoneThreads:0.0} + 1 is {pool:0.0},
            {city.PoolNodes} machines in the pool.
            """;
    }

    /// <summary>Writes the machines that each load takes.</summary>
    public static string Sizing(ScaleRun run) => FigureText.Table(
        "| load | new flows/s | sites | slow tier, a flow | sensors | without records | pool | credits | cores "
            + "| dollars a month |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        run.Plans.Select(plan =>
            $"| {plan.Name} | {Count(plan.FlowsPerSecond)} | {plan.Sites} | {Slow(plan.SlowUs)} "
            + $"| {plan.Sensors:N0} | {plan.SensorsWithoutRecords:N0} | {OfPool(plan, $"{plan.PoolNodes:N0}")} "
            + $"| {OfPool(plan, $"{plan.Credits}")} "
            + $"| {(plan.Sensors + plan.PoolNodes) * run.Assumptions.Threads / 2:N0} | {plan.DollarsPerMonth:N0} |"));

    /// <summary>Writes what the simulation gives for these machines.</summary>
    public static string Waits(ScaleRun run) => FigureText.Table(
        "| load | slow tier, a flow | to pools and back | records | `tier_unavailable` | wait in the sensor: p50, p99 "
            + "| wait for the slow tier: p50, p99 | flows of a batch |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        run.Plans.Select(plan =>
            $"| {plan.Name} | {Slow(plan.SlowUs)} | {OfPool(plan, Gbit(plan.PoolGbit))} | {Gbit(plan.RecordGbit)} "
            + $"| {plan.Outcome.Unavailable:0.0 %} | {SensorWait(plan.Outcome)} "
            + $"| {OfPool(plan, SlowWait(plan.Outcome))} | {OfPool(plan, $"{plan.Outcome.MeanBatch:0.0}")} |"));

    /// <summary>Writes at which load each part of a sensor is full.</summary>
    public static string Limits(ScaleRun run) => FigureText.Table(
        $"| part of a sensor | {string.Join(" | ", run.Limits.Select(limit => $"slow tier: {Slow(limit.SlowUs)}"))} |",
        $"|---|{string.Concat(run.Limits.Select(_ => "--:|"))}",
        new[]
        {
            Row("all batches away, 4 credits", limit => Count(limit.Credits)),
            Row("sink of EVE records", limit => Count(limit.Records)),
            Row("link of its records", limit => Count(limit.RecordLink)),
            Row("packet threads", limit => Count(limit.PacketThreads)),
            Row("link to the pool", limit => Count(limit.PoolLink)),
            Row("largest batch that a busy worker computes in 200 ms", limit => $"{limit.LargestBatch} flows"),
        }
        .Select(row => $"| {row.Name} | {string.Join(" | ", run.Limits.Select(row.Cell))} |"));

    /// <summary>Writes what becomes of a pool under a growing load.</summary>
    public static string Overload(ScaleRun run) => FigureText.Table(
        "| load ÷ what the pool computes | new flows/s | flows of a batch | wait for the slow tier: p50, p99 "
            + "| escalated flows that it answers | `tier_unavailable`, of all flows | `late` | `lost` | `no_credit` |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
        run.Loads.Select(step =>
            $"| {step.Load:0.00} | {Count(step.FlowsPerSecond)} | {step.Outcome.MeanBatch:0} "
            + $"| {SlowWait(step.Outcome)} "
            + $"| {Answered(run, step.Outcome)} | {step.Outcome.Unavailable:0.0 %} | {step.Outcome.Late:0.0 %} "
            + $"| {step.Outcome.Lost:0.0 %} | {step.Outcome.NoCredit:0.0 %} |"));

    /// <summary>Writes what credits and the deadline do for a heavy model.</summary>
    public static string Credits(ScaleRun run) => FigureText.Table(
        "| credits | deadline | flows of a batch | escalated flows that it answers | wait for it: p50, p99 "
            + "| wait in the sensor: p50, p99 |",
        "|--:|--:|--:|--:|--:|--:|",
        run.Credits.Select(credit =>
            $"| {credit.Credits} | {credit.DeadlineMs:N0} ms | {credit.Outcome.MeanBatch:0} "
            + $"| {Answered(run, credit.Outcome)} | {SlowWait(credit.Outcome)} | {SensorWait(credit.Outcome)} |"));

    /// <summary>Writes measured rates beside simulated ones.</summary>
    public static string CheckedRates(ScaleRun run)
    {
        var second = run.Checks.Where(check => check.Group == "rate, second run").ToDictionary(check => check.Name);
        return FigureText.Table(
            "| new flows/s of | used | simulated | first run | | second run | |", "|---|---|--:|--:|--:|--:|--:|",
            run.Checks.Where(check => check.Group == "rate").Select(check =>
                $"| {check.Name} | {(check.Fitted ? "to fit" : "to test")} | {Count(check.Simulated)} "
                + $"| {Count(check.Measured)} | {Signed(check.Error)} "
                + $"| {Count(second[check.Name].Measured)} | {Signed(second[check.Name].Error)} |"));
    }

    /// <summary>Writes measured times beside simulated ones.</summary>
    public static string CheckedTimes(ScaleRun run) => FigureText.Table(
        "| time of | used | measured | simulated | |", "|---|---|--:|--:|--:|",
        run.Checks.Where(check => !check.Group.StartsWith("rate", StringComparison.Ordinal)).Select(check =>
            $"| {check.Group}: {check.Name} | {(check.Fitted ? "to fit" : "to test")} | {check.Measured / 1e3:N1} µs "
            + $"| {check.Simulated / 1e3:N1} µs | {Signed(check.Error)} |"));

    public static string SensorWait(SiteOutcome outcome) =>
        $"{FigureText.Time(outcome.SensorP50Us)}, {FigureText.Time(outcome.SensorP99Us)}";

    public static string SlowWait(SiteOutcome outcome) =>
        $"{FigureText.Time(outcome.SlowP50Us)}, {FigureText.Time(outcome.SlowP99Us)}";

    static string Answered(ScaleRun run, SiteOutcome outcome) =>
        $"{1 - (outcome.Unavailable / run.Assumptions.EscalatedShare):0 %}";

    static (string Name, Func<SensorLimits, string> Cell) Row(string name, Func<SensorLimits, string> cell) =>
        (name, cell);

    static string Slow(double us) => us > 0 ? $"{us / 1e3:0.0} ms" : "in the sensor";

    static string OfPool(SitePlan plan, string text) => plan.PoolNodes > 0 ? text : "–";

    static string Gbit(double value) => value >= 1000 ? $"{value / 1000:0.0} Tbit/s"
        : value >= 1 ? $"{value:0} Gbit/s" : $"{value * 1000:0} Mbit/s";

    static string Count(double flows) => flows >= 1e8 ? $"{flows / 1e6:0} M" : FigureText.Thousands(flows);

    static string Signed(double error) => error.ToString("+0.0 %;−0.0 %");
}
