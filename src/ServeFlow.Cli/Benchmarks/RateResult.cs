using ServeFlow.Cascade;
using ServeFlow.Serving.Workers;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>Holds what <see cref="RateBench"/> measured: counts of one round, and its times.</summary>
sealed class RateResult(CascadePlan plan, int workers, int rounds, Account before, Account after, RoundTimes times,
    long allocated)
{
    readonly long flows = (after.Created - before.Created) / rounds;
    readonly long packets = (after.Received - before.Received) / rounds;
    readonly TimeSpan elapsed = times.Wall;
    readonly TimeSpan cpu = times.Cpu;

    public double FlowsPerSecond => flows / elapsed.TotalSeconds;

    double FlowsPerCpuSecond => flows / cpu.TotalSeconds;

    double PacketsPerSecond => packets / elapsed.TotalSeconds;

    public RateDocument ToDocument(string sink) => new()
    {
        Cpu = CpuName.Value,
        Workers = workers,
        Sink = sink,
        Flows = flows,
        Packets = packets,
        PacketsPerFlow = Math.Round((double)packets / flows, 2),
        Seconds = Math.Round(elapsed.TotalSeconds, 4),
        CpuSeconds = Math.Round(cpu.TotalSeconds, 6),
        FlowsPerCpuSecond = Math.Round(FlowsPerCpuSecond),
        FlowsPerSecond = Math.Round(FlowsPerSecond),
        PacketsPerSecond = Math.Round(PacketsPerSecond),
        FlowsPerSecondPerCore = Math.Round(FlowsPerSecond / workers),
        NsPerPacket = Math.Round(elapsed.TotalNanoseconds * workers / packets, 1),
        AllocatedBytesPerPacket = Math.Round((double)allocated / rounds / packets, 3),
        Unanswered = after.Units - after.Decisions.Total,
        Tiers = [.. plan.Tiers.Select((tier, i) => new TierShare(tier.Name, AnsweredShare(i)))],
    };

    public string ToText(string sink) => $"""
        {FlowsPerSecond,14:N0} new flows/s      {FlowsPerSecond / workers:N0} a core, {workers} worker{(workers == 1 ? "" : "s")}, {sink} sink
        {PacketsPerSecond,14:N0} packets/s        {elapsed.TotalNanoseconds * workers / packets:N1} ns a packet, {(double)allocated / rounds / packets:N3} bytes allocated a packet
        {flows,14:N0} flows            of {(double)packets / flows:N1} packets, {after.Units - after.Decisions.Total:N0} unanswered
        {elapsed.TotalSeconds,14:N3} s a round         {cpu.TotalSeconds:N3} s CPU time, {FlowsPerCpuSecond:N0} new flows a second of CPU time
        answered by    {string.Join(", ", plan.Tiers.Select((tier, i) => $"{tier.Name} {AnsweredShare(i):P1}"))}
        """;

    double AnsweredShare(int tier) =>
        (double)(after.DecisionsByTier[tier] - before.DecisionsByTier[tier]) / rounds / flows;
}

/// <summary>Holds how long a round took.</summary>
/// <param name="Wall">Wall-clock time of the median round.</param>
/// <param name="Cpu">CPU time of the process, over all threads: the mean of the rounds.</param>
readonly record struct RoundTimes(TimeSpan Wall, TimeSpan Cpu);

/// <summary>Represents the object that <c>bench rate --json</c> prints.</summary>
sealed record RateDocument
{
    public required string Cpu { get; init; }

    public required int Workers { get; init; }

    public required string Sink { get; init; }

    public required long Flows { get; init; }

    public required long Packets { get; init; }

    public required double PacketsPerFlow { get; init; }

    /// <summary>Wall-clock time of the median round.</summary>
    public required double Seconds { get; init; }

    /// <summary>CPU time of the process in a round, over all threads: the mean of the rounds.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Gets the new flows in a second of CPU time: what a machine would do that runs nothing else.</summary>
    public required double FlowsPerCpuSecond { get; init; }

    public required double FlowsPerSecond { get; init; }

    public required double PacketsPerSecond { get; init; }

    public required double FlowsPerSecondPerCore { get; init; }

    public required double NsPerPacket { get; init; }

    public required double AllocatedBytesPerPacket { get; init; }

    public required long Unanswered { get; init; }

    public required IReadOnlyList<TierShare> Tiers { get; init; }
}

/// <summary>Represents a tier's name, and the share of the flows that it answered.</summary>
sealed record TierShare(string Name, double AnsweredShare);
