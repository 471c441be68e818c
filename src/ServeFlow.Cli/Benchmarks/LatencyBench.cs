using System.Diagnostics;
using ServeFlow.Cascade;
using ServeFlow.Packets;
using ServeFlow.Serving.Workers;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>
/// Measures what waits under load: packets come at the pace of their timestamps, at one offered rate of new flows, and
/// every answer is timed. Each worker has its share of the flows.
/// </summary>
/// <param name="seconds">How long flows arrive.</param>
sealed class LatencyBench(CascadePlan plan, IReadOnlyList<PacketMemory> shares, double offered, double seconds)
{
    /// <summary>Leaves time for threads to start and for the clock to be waited for.</summary>
    static readonly TimeSpan Lead = TimeSpan.FromMilliseconds(20);

    public LatencyResult Run(CancellationToken cancel)
    {
        var firstNs = shares.Where(share => share.Count > 0).Min(share => share[0].TimestampNs);
        var startTicks = Stopwatch.GetTimestamp() + (long)(Lead.TotalSeconds * Stopwatch.Frequency);
        var runs = shares.Select(share =>
            Task.Factory.StartNew(() => Serve(share, startTicks, firstNs, cancel), default,
            TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        var (clock, cpuBefore) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var pausedBefore = GC.GetTotalPauseDuration();
        Task.WaitAll(runs, CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        return new(plan, offered, seconds, [.. runs.Select(run => run.Result)])
        {
            Wall = clock.Elapsed,
            Cpu = Environment.CpuUsage.TotalTime - cpuBefore,
            Paused = GC.GetTotalPauseDuration() - pausedBefore,
        };
    }

    LatencyRun Serve(PacketMemory packets, long startTicks, long firstNs, CancellationToken cancel)
    {
        var sink = new LatencySink(startTicks, firstNs);
        var worker = new Worker(plan, new(), sink);
        using var source = new OpenLoopSource(packets, startTicks, firstNs);
        var waitBefore = CoreWait.Read();
        worker.Run(source, cancel);
        var wait = CoreWait.Read() - waitBefore;
        var lagNs = packets.Count == 0 ? 0 : source.NowNs - packets[packets.Count - 1].TimestampNs;
        worker.Finish();
        return new(worker.Account, sink, source.Dropped, lagNs / 1e9, wait);
    }
}

/// <summary>Holds one worker's part.</summary>
/// <param name="Account">What became of its packets and flows.</param>
/// <param name="Times">When its answers came.</param>
/// <param name="Dropped">Packets that found its ring full.</param>
/// <param name="Lag">Seconds from when the last packet was due to when it was taken.</param>
/// <param name="CoreWait">How long it was ready to run and had no core.</param>
sealed record LatencyRun(Account Account, LatencySink Times, long Dropped, double Lag, TimeSpan CoreWait);
