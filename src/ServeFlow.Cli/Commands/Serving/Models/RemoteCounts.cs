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
                [.. Points(plan, remote, counts.Flows)]),
            MetricFamily.Counter("serveflow_remote_tier_batches",
                "Batches of such flows, by outcome; those without credit were not sent.",
                [.. Points(plan, remote, counts.Batches)]),
            MetricFamily.Gauge("serveflow_remote_tier_failing", "1 where the remote tier does not answer now, else 0.",
                MetricPoint.From("tier", remote.Tier, remote.Health.IsFailing ? 1 : 0)),
        ];

    /// <summary>Describes what computes the tier, and whether it answers, as an object that is written as JSON; null
    /// where every tier is computed here.</summary>
    public static object? Describe(IRemoteTierFactory? remote) => remote is null ? null : new
    {
        remote.Tier,
        By = remote.Describe(),
        Failing = remote.Health.IsFailing,
        Problem = remote.Health.IsFailing ? remote.Health.Problem : null,
    };

    /// <summary>Counts flows by outcome; null where every tier is computed here.</summary>
    public static OrderedDictionary<string, long>? Count(CascadePlan plan, RemoteTally counts,
        IRemoteTierFactory? remote) => remote is null ? null : new(Outcomes.Select(outcome => KeyValuePair.Create(
            SnakeCase.From(outcome), plan.Tiers.Index().Sum(tier => counts.Flows(tier.Index, outcome)))));

    /// <summary>Says it in a line a tier; in none where every tier was computed here.</summary>
    public static IEnumerable<string> Lines(CascadePlan plan, RemoteTally counts, IRemoteTierFactory? remote) =>
        remote is { Health.Answered: > 0 } && counts.TotalFlows == 0 // of a run that waited for every answer
            ? [$"remote tier {remote.Tier}: {remote.Health.Answered:N0} answered by {remote.Describe()}"]
            : plan.Tiers.Index().Where(tier => Outcomes.Any(outcome => counts.Flows(tier.Index, outcome) > 0))
            .Select(tier => $"remote tier {tier.Item.Name}: {string.Join(", ", Outcomes
                .Select(outcome => $"{counts.Flows(tier.Index, outcome):N0} {SnakeCase.From(outcome)}"))}");

    static IEnumerable<RemoteOutcome> Outcomes => Enum.GetValues<RemoteOutcome>();

    /// <summary>Leaves out the tiers that were never remote.</summary>
    static IEnumerable<MetricPoint> Points(CascadePlan plan, IRemoteTierFactory remote,
        Func<int, RemoteOutcome, long> count) =>
        plan.Tiers.Index().Where(tier => tier.Item.Name == remote.Tier
            || Outcomes.Any(outcome => count(tier.Index, outcome) > 0))
            .SelectMany(tier => Outcomes.Select(outcome => new MetricPoint(count(tier.Index, outcome),
                [new("tier", tier.Item.Name), new("outcome", SnakeCase.From(outcome))])));
}
