using HdrHistogram;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Serving.Workers;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>Holds what <see cref="LatencyBench"/> measured at one offered rate.</summary>
sealed class LatencyResult
{
    readonly double offered;
    readonly Account account;
    readonly LongHistogram all;
    readonly LongHistogram firstPacket;
    readonly long dropped;
    readonly double seconds;
    readonly long under1Ms;
    readonly long under16Ms;
    readonly TimeSpan coreWait;

    public LatencyResult(CascadePlan plan, double offered, double arrivalSeconds, IReadOnlyList<LatencyRun> runs)
    {
        this.offered = offered;
        account = new(plan.Tiers.Count);
        seconds = arrivalSeconds + runs.Max(run => run.Lag);
        (all, firstPacket) = (runs[0].Times.All, runs[0].Times.FirstPacket);
        coreWait = runs.Max(run => run.CoreWait);
        foreach (var run in runs)
        {
            account.Add(run.Account);
            dropped += run.Dropped;
            under1Ms += run.Times.Under1Ms;
            under16Ms += run.Times.Under16Ms;
        }

        foreach (var run in runs.Skip(1))
        {
            all.Add(run.Times.All);
            firstPacket.Add(run.Times.FirstPacket);
        }
    }

    /// <summary>Gets the time of the run, from the start of the workers to the end of the last one.</summary>
    public TimeSpan Wall { get; init; }

    /// <summary>
    /// Gets the CPU time of the process in it. A worker polls all the time: what is missing from its wall-clock time
    /// was taken by other programs, and flows waited meanwhile.
    /// </summary>
    public TimeSpan Cpu { get; init; }

    /// <summary>Gets how long garbage collections stopped all threads.</summary>
    public TimeSpan Paused { get; init; }

    double Achieved => account.Created / seconds;

    double FirstShare => Share(firstPacket.TotalCount);

    /// <summary>Gets the figures as <c>bench latency --json</c> prints them.</summary>
    public LoadPoint ToPoint() => new()
    {
        Offered = offered,
        Flows = account.Created,
        Packets = account.Received + dropped,
        Achieved = Math.Round(Achieved),
        Seconds = Math.Round(Wall.TotalSeconds, 3),
        CpuSeconds = Math.Round(Cpu.TotalSeconds, 3),
        CoreWaitSeconds = Math.Round(coreWait.TotalSeconds, 6),
        PausedSeconds = Math.Round(Paused.TotalSeconds, 6),
        P50Us = all.GetValueAtPercentile(50),
        P99Us = all.GetValueAtPercentile(99),
        P999Us = all.GetValueAtPercentile(99.9),
        Under1Ms = Share(under1Ms),
        Under16Ms = Share(under16Ms),
        Dropped = dropped,
        Unanswered = account.Units - account.Decisions.Total,
        Overload = account.Decisions[DecisionReason.Overload],
        FirstPacket = new(FirstShare, firstPacket.GetValueAtPercentile(50), firstPacket.GetValueAtPercentile(99),
            firstPacket.GetValueAtPercentile(99.9)),
    };

    public static string Heading =>
        "  offered/s  achieved/s   on packet 1     p50 µs     p99 µs   p99.9 µs   all: <1 ms  "
        + "<16 ms    dropped  overload  wall s   CPU s  no core ms   GC ms";

    public string ToText() =>
        $"{offered,11:N0} {Achieved,11:N0} {FirstShare,13:P1} {firstPacket.GetValueAtPercentile(50),10:N0} "
        + $"{firstPacket.GetValueAtPercentile(99),10:N0} {firstPacket.GetValueAtPercentile(99.9),10:N0} "
        + $"{Share(under1Ms),12:P1} "
        + $"{Share(under16Ms),7:P1} {dropped,10:N0} {account.Decisions[DecisionReason.Overload],9:N0} "
        + $"{Wall.TotalSeconds,7:N1} {Cpu.TotalSeconds,7:N1} {coreWait.TotalMilliseconds,11:N1} "
        + $"{Paused.TotalMilliseconds,7:N1}";

    double Share(long flows) => (double)flows / Math.Max(1, account.Created);
}
