using System.Diagnostics;

namespace ServeFlow.Benchmarks.Transport;

/// <summary>Holds what sending flows to workers took.</summary>
/// <param name="SensorUs">Processor time of this side for a flow, in microseconds.</param>
/// <param name="WorkerUs">Processor time of the workers together for a flow.</param>
/// <param name="P50Us">Median of the time from when a flow was due, or sent, to its answer.</param>
/// <param name="MaxUs">The longest such time.</param>
/// <param name="Unanswered">Flows that had no answer of a worker.</param>
/// <param name="BackAfter">Seconds from when a killed worker was started again and ready to the last flow without an
/// answer; 0 where there was none after it, and null where no worker was killed.</param>
sealed record TransportResult(double FlowsPerSecond, double FlowsPerBatch, double SensorUs, double WorkerUs,
    double P50Us, double P99Us, double MaxUs, long Unanswered, double? BackAfter)
{
    public static TransportResult Measure(TransportLoad load, WorkerProcess[] workers, TimeSpan time)
    {
        var (own, theirs, started) = (Environment.CpuUsage.TotalTime, Cpu(workers), Stopwatch.GetTimestamp());
        load.Run(time);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var back = workers[0].Back;
        double Us(TimeSpan cpu) => cpu.TotalMicroseconds / load.Answered;
        return new(load.Answered / seconds, (double)load.Answered / load.Batches,
            Us(Environment.CpuUsage.TotalTime - own), Us(Cpu(workers) - theirs),
            load.Waits.Quantile(0.5) / 1e3, load.Waits.Quantile(0.99) / 1e3, load.Waits.Quantile(1) / 1e3,
            load.Unanswered, back == 0 ? null
                : Stopwatch.GetElapsedTime(back, Math.Max(back, load.LastUnanswered)).TotalSeconds);
    }

    public override string ToString() =>
        $"{FlowsPerSecond:N0} flows/s in batches of {FlowsPerBatch:N1}; processor time a flow: "
        + $"sensor {SensorUs:N2} µs, workers {WorkerUs:N2} µs; waits: p50 {P50Us:N0} µs, p99 {P99Us:N0} µs, "
        + $"max {MaxUs:N0} µs; unanswered: {Unanswered:N0}"
        + (BackAfter is { } seconds ? $", the last {seconds:N1} s after the killed worker was back" : "");

    static TimeSpan Cpu(WorkerProcess[] workers) =>
        workers.Aggregate(TimeSpan.Zero, (sum, worker) => sum + worker.ReadCpu());
}
