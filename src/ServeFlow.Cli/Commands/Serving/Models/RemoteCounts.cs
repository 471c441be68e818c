using ServeFlow.Cascade;
using ServeFlow.Service;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Telemetry;

namespace ServeFlow.Cli.Commands.Serving.Models;

/// <summary>Tells what became of flows that a server was to answer: as metrics, and in words.</summary>
static class RemoteCounts
{
    /// <summary>Reads the metrics; there are none where every tier is computed here.</summary>
    public static IReadOnlyList<MetricFamily> ReadMetrics(CascadePlan plan, RemoteTally counts,
        IRemoteTierFactory? remote) => remote is null ? [] :
        [
            MetricFamily.Counter("serveflow_remote_tier_flows", "Flows that a remote tier was to answer, by outcome.",
                [.. Points(plan, counts.Flows)]),
            MetricFamily.Counter("serveflow_remote_tier_batches",
                "Batches of such flows, by outcome; those without credit were not sent.",
                [.. Points(plan, counts.Batches)]),
            MetricFamily.Gauge("serveflow_remote_tier_failing", "1 where the remote tier does not answer now, else 0.",
                MetricPoint.From("tier", remote.Tier, remote.IsFailing ? 1 : 0)),
        ];

    /// <summary>Says it in a line a tier; in none where every tier was computed here.</summary>
    public static IEnumerable<string> Lines(CascadePlan plan, RemoteTally counts) =>
        plan.Tiers.Index().Where(tier => Outcomes.Any(outcome => counts.Flows(tier.Index, outcome) > 0))
            .Select(tier => $"remote tier {tier.Item.Name}: {string.Join(", ", Outcomes
                .Select(outcome => $"{counts.Flows(tier.Index, outcome):N0} {SnakeCase.From(outcome)}"))}");

    static IEnumerable<RemoteOutcome> Outcomes => Enum.GetValues<RemoteOutcome>();

    static IEnumerable<MetricPoint> Points(CascadePlan plan, Func<int, RemoteOutcome, long> count) =>
        plan.Tiers.Index().SelectMany(tier => Outcomes.Select(outcome => new MetricPoint(count(tier.Index, outcome),
            [new("tier", tier.Item.Name), new("outcome", SnakeCase.From(outcome))])));
}
