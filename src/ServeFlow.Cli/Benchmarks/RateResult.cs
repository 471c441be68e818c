using System.Text.Json.Nodes;
using ServeFlow.Cascade;
using ServeFlow.Serving.Workers;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>What <see cref="RateBench"/> measured: counts of one round, and the median round's time.</summary>
sealed class RateResult(CascadePlan plan, int workers, int rounds, Account before, Account after, TimeSpan elapsed,
    long allocated)
{
    readonly long flows = (after.Created - before.Created) / rounds;
    readonly long packets = (after.Received - before.Received) / rounds;

    public double FlowsPerSecond => flows / elapsed.TotalSeconds;

    double PacketsPerSecond => packets / elapsed.TotalSeconds;

    public JsonObject ToJson(string sink) => new()
    {
        ["cpu"] = CpuName.Value,
        ["workers"] = workers,
        ["sink"] = sink,
        ["flows"] = flows,
        ["packets"] = packets,
        ["packets_per_flow"] = Math.Round((double)packets / flows, 2),
        ["seconds"] = Math.Round(elapsed.TotalSeconds, 4),
        ["flows_per_second"] = Math.Round(FlowsPerSecond),
        ["packets_per_second"] = Math.Round(PacketsPerSecond),
        ["flows_per_second_per_core"] = Math.Round(FlowsPerSecond / workers),
        ["ns_per_packet"] = Math.Round(elapsed.TotalNanoseconds * workers / packets, 1),
        ["allocated_bytes_per_packet"] = Math.Round((double)allocated / rounds / packets, 3),
        ["unanswered"] = after.Units - after.Decisions.Total,
        ["tiers"] = new JsonArray([.. plan.Tiers.Select((tier, i) => new JsonObject
        {
            ["name"] = tier.Name,
            ["answered_share"] = AnsweredShare(i),
        })]),
    };

    public string ToText(string sink) => $"""
        {FlowsPerSecond,14:N0} new flows/s      {FlowsPerSecond / workers:N0} a core, {workers} worker{(workers == 1 ? "" : "s")}, {sink} sink
        {PacketsPerSecond,14:N0} packets/s        {elapsed.TotalNanoseconds * workers / packets:N1} ns a packet, {(double)allocated / rounds / packets:N3} bytes allocated a packet
        {flows,14:N0} flows            of {(double)packets / flows:N1} packets, {after.Units - after.Decisions.Total:N0} unanswered
        answered by    {string.Join(", ", plan.Tiers.Select((tier, i) => $"{tier.Name} {AnsweredShare(i):P1}"))}
        """;

    double AnsweredShare(int tier) => (double)(after.DecisionsByTier[tier] - before.DecisionsByTier[tier]) / rounds / flows;
}
