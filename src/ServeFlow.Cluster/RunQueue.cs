using System.Diagnostics;
using ServeFlow.Cluster.Messages;

namespace ServeFlow.Cluster;

/// <summary>
/// Scores batches in the order in which they came, a few runs at a time. What waits while all threads are busy is
/// gathered to larger runs; a thread that has nothing else to do may wait for more flows.
/// </summary>
/// <param name="threads">How many runs are scored at a time.</param>
/// <param name="counts">Counts the runs.</param>
/// <param name="scheduler">What the runs are scored on.</param>
sealed class RunQueue(int threads, GatherOptions gather, WorkerCounts counts, TaskScheduler scheduler)
{
    /// <summary>Limits the batches that wait for each thread: more would only become late.</summary>
    const int WaitingPerThread = 8;

    readonly int most = threads * (1 + WaitingPerThread);
    readonly object gate = new();
    readonly List<WaitingBatch> waiting = [];
    readonly List<TierRun> open = [];
    int present;
    int running;

    /// <summary>Scores a batch, or says why not.</summary>
    public Task<TierAnswer> ScoreAsync(ServedTier tier, TierRequest request)
    {
        var batch = new WaitingBatch(tier, request);
        lock (gate)
        {
            if (present == most)
            {
                return Task.FromResult(new TierAnswer
                {
                    Status = TierStatus.Busy,
                    Problem = $"{most} batches wait already",
                });
            }

            present++;
            tier.Pace.Arrive();
            if (TryGather(batch))
            {
                return batch.Answer;
            }

            waiting.Add(batch);
            if (running == threads)
            {
                open.ForEach(run => run.End()); // who has work does not wait for more
                return batch.Answer;
            }

            running++;
        }

        _ = Task.Factory.StartNew(RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler);
        return batch.Answer;
    }

    /// <summary>Adds a batch to a run that waits for more.</summary>
    bool TryGather(WaitingBatch batch)
    {
        foreach (var run in open)
        {
            if (run.TryAdd(batch))
            {
                if (run.FindPatience() <= TimeSpan.Zero)
                {
                    run.End();
                }

                return true;
            }
        }

        return false;
    }

    async Task RunAsync()
    {
        while (Take(out var patience) is { } run)
        {
            if (patience > TimeSpan.Zero)
            {
                await run.Gathered.WaitAsync(patience).ConfigureAwait(
                    ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                lock (gate)
                {
                    open.Remove(run);
                }
            }

            Score(run);
        }
    }

    /// <summary>Takes the batches that are next; gives null where none waits, and one thread fewer runs then.</summary>
    /// <param name="patience">Receives how long the run is to wait for more of them.</param>
    TierRun? Take(out TimeSpan patience)
    {
        lock (gate)
        {
            patience = TimeSpan.Zero;
            if (waiting.Count == 0)
            {
                running--;
                return null;
            }

            var run = new TierRun(waiting[0], gather);
            waiting.RemoveAt(0);
            waiting.RemoveAll(run.TryAdd);
            if (waiting.Count == 0 && (patience = run.FindPatience()) > TimeSpan.Zero)
            {
                open.Add(run);
            }

            return run;
        }
    }

    void Score(TierRun run)
    {
        var inTime = run.Batches.Where(batch => batch.Left > TimeSpan.Zero).ToList();
        var started = Stopwatch.GetTimestamp();
        var answers = run.Tier.Score([.. inTime.Select(batch => batch.Request)]);
        var taken = Stopwatch.GetElapsedTime(started);
        lock (gate) // before the answers, as whoever gets one may send the next batch
        {
            present -= run.Batches.Count;
            run.Tier.Pace.Leave(run.Batches.Count, inTime.Sum(batch => batch.Request.Flows), taken);
        }

        if (inTime.Count > 0)
        {
            counts.CountRun();
        }

        foreach (var (batch, answer) in inTime.Zip(answers))
        {
            batch.Complete(answer);
        }

        foreach (var batch in run.Batches.Except(inTime))
        {
            batch.Complete(new() { Status = TierStatus.Late, Problem = "its turn came after the deadline" });
        }
    }
}
