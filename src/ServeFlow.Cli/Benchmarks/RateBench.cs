using System.Diagnostics;
using ServeFlow.Cascade;
using ServeFlow.Packets;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>
/// Measures how fast workers take packets from memory to records: the whole serving path without the disk. Every worker
/// has its share of the flows, as a network card deals them out; all start together, and the last one's end counts.
/// Each round replays everything later than the round before, every flow ended in between: the first ones warm code and
/// tables and are not counted, the median of the others is.
/// </summary>
/// <param name="createSink">A worker's sink; it is disposed of at the end.</param>
sealed class RateBench(CascadePlan plan, IReadOnlyList<PacketMemory> shares, Func<IRecordSink> createSink)
{
    /// <summary>
    /// Specifies the rounds that are not counted. Code that was compiled ahead is compiled twice more while it runs:
    /// the third round still takes a little longer than those behind it, and the CPU time of compiling would count.
    /// </summary>
    const int WarmUpRounds = 3;

    const int Rounds = 5;

    /// <summary>Exceeds any timeout between rounds, so that nothing of one reaches the next.</summary>
    const long GapNs = 7_200_000_000_000;

    readonly Worker[] workers = [.. shares.Select(_ => new Worker(plan, new(), createSink()))];
    readonly long[] allocated = new long[shares.Count];

    /// <param name="progress">Told the share of rounds that are over.</param>
    public RateResult Run(IProgress<double>? progress, CancellationToken cancel)
    {
        for (var round = 0; round < WarmUpRounds; round++)
        {
            Round(round, cancel);
            progress?.Report((1.0 + round) / (WarmUpRounds + Rounds));
        }

        var before = Sum();
        var times = new TimeSpan[Rounds];
        var cpuBefore = Environment.CpuUsage.TotalTime;
        Array.Clear(allocated);
        for (var round = 0; round < Rounds; round++)
        {
            times[round] = Round(WarmUpRounds + round, cancel);
            progress?.Report((1.0 + WarmUpRounds + round) / (WarmUpRounds + Rounds));
        }

        var cpu = (Environment.CpuUsage.TotalTime - cpuBefore) / Rounds;
        Array.Sort(times);
        return new(plan, shares.Count, Rounds, before, Sum(), new(times[Rounds / 2], cpu), allocated.Sum());
    }

    Account Sum()
    {
        var sum = new Account(plan.Tiers.Count);
        foreach (var worker in workers)
        {
            sum.Add(worker.Account);
        }

        return sum;
    }

    TimeSpan Round(int round, CancellationToken cancel)
    {
        var laterNs = round * (shares.Max(share => share.SpanNs) + GapNs);
        using var start = new Barrier(workers.Length + 1);
        var threads = workers.Select((worker, i) => Task.Factory.StartNew(() =>
        {
            using var source = shares[i].Open(laterNs);
            start.SignalAndWait(CancellationToken.None);
            var before = GC.GetAllocatedBytesForCurrentThread();
            worker.Run(source, cancel);
            worker.Finish();
            allocated[i] += GC.GetAllocatedBytesForCurrentThread() - before;
        }, default, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        start.SignalAndWait(CancellationToken.None);
        var clock = Stopwatch.StartNew();
        Task.WaitAll(threads, CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        return clock.Elapsed;
    }
}
