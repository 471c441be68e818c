using HdrHistogram;
using ServeFlow.Packets.Live;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>Holds what <see cref="LinkBench"/> measured.</summary>
/// <param name="Times">The times of the answers.</param>
/// <param name="Options">How the link was captured.</param>
/// <param name="Sent">Packets that were sent, those of the lead included.</param>
/// <param name="Counters">What became of them.</param>
/// <param name="Wall">The time in which answers were timed.</param>
/// <param name="Cpu">CPU time of the process in it, that of the sender included.</param>
sealed record LinkResult(LinkSink Times, LiveOptions Options, long Sent, CaptureCounters Counters, TimeSpan Wall,
    TimeSpan Cpu)
{
    /// <summary>Gets the figures as <c>bench link --json</c> prints them.</summary>
    public LinkDocument ToDocument() => new()
    {
        Cpu = CpuName.Value,
        Workers = Options.Workers,
        LowLatency = Options.LowLatency,
        FlowsPerSecond = Math.Round(Times.Flows / Wall.TotalSeconds),
        Packets = Sent,
        Received = Counters.Received,
        Dropped = Counters.DroppedByKernel,
        Seconds = Math.Round(Wall.TotalSeconds, 3),
        CpuSeconds = Math.Round(Cpu.TotalSeconds, 3),
        FirstPacket = Describe(Times.FirstPacket, Times.Flows),
        All = Describe(Times.All, Times.Flows),
    };

    public string ToText()
    {
        var found = ToDocument();
        return $"""
            {found.Packets:N0} packets sent, {found.Received:N0} received, {found.Dropped:N0} dropped by the kernel
            {found.FlowsPerSecond:N0} new flows/s for {found.Seconds:N1} s; {found.CpuSeconds:N1} CPU s with the sender
            from the kernel's time stamp to the written record, µs:
            {"",-26} {"share",8} {"p50",8} {"p99",8} {"p99.9",8}
            {ToLine("answered from packet 1", found.FirstPacket)}
            {ToLine("answered from packets", found.All)}
            """;
    }

    static string ToLine(string name, FirstPacketLatency times) =>
        $"{name,-26} {times.Share,8:P1} {times.P50Us,8:N0} {times.P99Us,8:N0} {times.P999Us,8:N0}";

    static FirstPacketLatency Describe(LongHistogram times, long flows) => new(
        (double)times.TotalCount / Math.Max(1, flows), times.GetValueAtPercentile(50),
        times.GetValueAtPercentile(99), times.GetValueAtPercentile(99.9));
}

/// <summary>Represents the object that <c>bench link --json</c> prints.</summary>
sealed record LinkDocument
{
    public required string Cpu { get; init; }

    public required int Workers { get; init; }

    public required bool LowLatency { get; init; }

    /// <summary>Gets the new flows a second that were answered.</summary>
    public required double FlowsPerSecond { get; init; }

    /// <summary>Gets the number of packets that were sent.</summary>
    public required long Packets { get; init; }

    public required long Received { get; init; }

    /// <summary>Gets the number of packets that found the ring full.</summary>
    public required long Dropped { get; init; }

    public required double Seconds { get; init; }

    /// <summary>CPU time of the process, the sender's included.</summary>
    public required double CpuSeconds { get; init; }

    public required FirstPacketLatency FirstPacket { get; init; }

    public required FirstPacketLatency All { get; init; }
}
