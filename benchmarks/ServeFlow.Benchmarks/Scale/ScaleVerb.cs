using System.Globalization;
using System.Text.Json;
using ServeFlow.Benchmarks.Figures;

namespace ServeFlow.Benchmarks.Scale;

/// <summary>Answers <c>scale</c>: how many machines a load needs.</summary>
static class ScaleVerb
{
    const string Usage = """
        scale --json > benchmarks/results/simulation/scale.json     everything that docs/scale.md shows
        scale --flows N [--packets 10] [--escalated 0.2] [--slow-us 1000] [--sites 1] [--load 0.6]
              [--price 0.04] [--json]
              the machines for N new flows a second; --slow-us 0: sensors score every tier themselves
        """;

    /// <summary>Each sensor has a connection to each worker, and the simulation looks at all of them.</summary>
    const int MostOfSite = 500;

    static readonly JsonSerializerOptions json = new(ResultFiles.Options) { Converters = { new RoundedNumbers() } };

    /// <returns>The process's exit code: 2 where the options are wrong.</returns>
    public static int Run(string root, string[] options)
    {
        var results = Path.Combine(root, "benchmarks", "results");
        if (options is ["--json"])
        {
            Console.WriteLine(JsonSerializer.Serialize(ScaleReport.Create(results), json));
            return 0;
        }

        if (Parse(options.Where(option => option != "--json").ToArray(), out var problem) is not { } asked)
        {
            Console.Error.WriteLine($"scale: {problem}\n{Usage}");
            return 2;
        }

        var assumptions = Sizing.Usual with
        {
            PacketsPerFlow = (int)asked["--packets"],
            EscalatedShare = asked["--escalated"],
            Load = asked["--load"],
            ThreadHourPrice = asked["--price"],
        };
        var sizing = new Sizing(Calibration.Fit(new(results)), assumptions);
        var (flows, sites, slowUs) = (asked["--flows"], (int)asked["--sites"], asked["--slow-us"]);
        var ofSite = flows / sites;
        if (Math.Max(sizing.CountSensors(ofSite, true), sizing.CountPoolNodes(ofSite, slowUs)) > MostOfSite)
        {
            Console.Error.WriteLine($"scale: a site of more than {MostOfSite} sensors or workers is too large for one "
                + "cluster: divide it by --sites");
            return 2;
        }

        var plan = sizing.Plan("asked", flows, sites, slowUs);
        Console.WriteLine(options.Contains("--json")
            ? JsonSerializer.Serialize(plan, json) : Describe(plan, assumptions));
        return 0;
    }

    /// <summary>Reads pairs of option and number; null where they are wrong.</summary>
    static Dictionary<string, double>? Parse(string[] options, out string problem)
    {
        Dictionary<string, double> values = new()
        {
            ["--flows"] = 0,
            ["--packets"] = 10,
            ["--escalated"] = 0.2,
            ["--slow-us"] = 1000,
            ["--sites"] = 1,
            ["--load"] = 0.6,
            ["--price"] = Sizing.Usual.ThreadHourPrice,
        };
        foreach (var pair in options.Chunk(2))
        {
            if (!values.ContainsKey(pair[0]) || pair.Length < 2
                || !double.TryParse(pair[1], NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                problem = $"'{string.Join(' ', pair)}' is none of its options with a number; there are "
                    + string.Join(", ", values.Keys);
                return null;
            }

            values[pair[0]] = value;
        }

        problem = values switch
        {
            _ when values["--flows"] is not (>= 1 and <= 1e9) => "--flows is needed, a number from 1 to 1e9",
            _ when values["--packets"] is not (>= 1 and <= 1000) => "--packets must be a number from 1 to 1000",
            _ when values["--escalated"] is not (> 0 and <= 1) => "--escalated must be a share, such as 0.2",
            _ when values["--slow-us"] is not (>= 0 and <= 1e6) => "--slow-us must be microseconds from 0 to 1e6",
            _ when values["--sites"] is not (>= 1 and <= 1e6) => "--sites must be a number from 1 to 1e6",
            _ when values["--flows"] / values["--sites"] < 1000 => "one machine is enough for a site of less than "
                + "1,000 flows a second",
            _ when values["--load"] is not (> 0 and <= 1) => "--load must be a share, such as 0.6",
            _ when values["--price"] is not (>= 0 and <= 1000) => "--price must be dollars from 0 to 1000",
            _ => "",
        };
        return problem.Length > 0 ? null : values;
    }

    static string Describe(SitePlan plan, ScaleAssumptions assumed)
    {
        var (outcome, hasPool) = (plan.Outcome, plan.PoolNodes > 0);
        var pool = $"{plan.PoolNodes:N0} machines of {assumed.Threads} threads, one of each site to spare "
            + $"(--cluster-credits {plan.Credits})";
        return $"""
            {plan.FlowsPerSecond:N0} new flows a second of {assumed.PacketsPerFlow} packets, sites: {plan.Sites:N0}
              assumed     {assumed.EscalatedShare:0.# %} of the flows escalated, threads busy by {assumed.Load:0.# %}
              sensors     {plan.Sensors:N0} machines of {assumed.Threads} threads (--workers {assumed.Workers})
                          {plan.SensorsWithoutRecords:N0} where no records are written
              pool        {(hasPool ? pool : "none")}
              network     {plan.PoolGbit:0.00} Gbit/s to pools and back, {plan.RecordGbit:0.00} Gbit/s of records
              price       {plan.DollarsPerMonth:N0} dollars a month, {assumed.ThreadHourPrice} for an hour of a thread
            one site, simulated:
              unavailable {outcome.Unavailable:0.00 %} of the answers (tier_unavailable)
              lost        {outcome.Dropped:0.00 %} of the packets, {outcome.RecordsLost:0.00 %} of the records
              wait        {ScaleText.SensorWait(outcome)} for a thread of the sensor (p50, p99)
              wait        {(hasPool ? ScaleText.SlowWait(outcome) : "none")} for the slow tier
            """;
    }
}
