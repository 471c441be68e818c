using ServeFlow.Cascade;
using ServeFlow.Packets;
using ServeFlow.Packets.Captures;
using ServeFlow.Serving.Sources;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Captures;

/// <summary>
/// Classifies captures as fast as it goes, each on its own: its flows end with it. Several workers take a capture
/// each, and their records are still written one capture after the other: the same bytes as of one worker. Where
/// there are fewer captures than workers, all share one capture at a time: the same records, in an order of their own.
/// </summary>
/// <param name="tasks">The plan that answers each task; one in most cases.</param>
/// <param name="plans">Their numbers.</param>
public sealed class CaptureSweep(IReadOnlyList<CascadePlan> tasks, ServedPlans plans, WorkerOptions options,
    IRecordSink sink)
{
    /// <summary>A sweep with one plan, which answers every flow.</summary>
    public CaptureSweep(CascadePlan plan, WorkerOptions options, IRecordSink sink)
        : this([plan], new(plan), options, sink)
    {
    }

    /// <summary>Gets the sum over all captures so far.</summary>
    public Account Account { get; } = new(plans.TierNames.Count);

    /// <summary>Gets the share of the captures' bytes that have been read; called from any worker.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Classifies each capture on its own.</summary>
    /// <returns>The outcome of each capture, in their order; those after a stop are missing.</returns>
    public IEnumerable<CaptureOutcome> Run(CaptureSet set, int workers, CancellationToken stop)
    {
        var meter = new ReadMeter(set.Captures, Progress);
        return workers > 1 && set.Captures.Count >= workers
            ? RunInParallel(set, workers, meter, stop)
            : RunSequentially(set, workers, meter, stop);
    }

    /// <summary>
    /// Takes all captures as one link's, in the order of time: flows go on from one file to the next, and captures that
    /// overlap, as of two taps, are one.
    /// </summary>
    public IEnumerable<CaptureOutcome> RunJoined(CaptureSet set, CancellationToken stop)
    {
        using var source = new CaptureSequence(set.Captures, new ReadMeter(set.Captures, Progress));
        source.OnCapture(sink.BeginCapture);
        var worker = new Worker(tasks, options, sink, plans);
        worker.Run(set.Captures is [var only] ? Show(only, source, sink) : source, stop);
        worker.Finish();
        Account.Add(worker.Account);
        return [.. source.OutcomesSoFar];
    }

    IEnumerable<CaptureOutcome> RunSequentially(CaptureSet set, int workers, ReadMeter meter, CancellationToken stop)
    {
        foreach (var capture in set.Captures.TakeWhile(_ => !stop.IsCancellationRequested))
        {
            sink.BeginCapture(capture.Name);
            yield return workers > 1 && capture.IsRegularFile
                ? ClassifyTogether(capture, workers, meter, stop)
                : ClassifyAlone(capture, meter, stop);
        }
    }

    CaptureOutcome ClassifyAlone(CapturePath capture, ReadMeter meter, CancellationToken stop)
    {
        var (outcome, account) = Classify(capture, sink, meter, stop);
        Account.Add(account);
        return outcome;
    }

    /// <summary>Every worker reads the whole capture and takes its share of the flows.</summary>
    CaptureOutcome ClassifyTogether(CapturePath capture, int workers, ReadMeter meter, CancellationToken stop)
    {
        var gate = new Lock();
        var shares = Enumerable.Range(0, workers).Select(i => Task.Factory.StartNew(() =>
        {
            using var records = new SynchronizedSink(sink, gate);
            var worker = new Worker(tasks, options, records, plans);
            var outcome = Read(capture, worker, i == 0 ? meter : null,
                file => new SharedSource(file, i, workers), stop);
            worker.Finish();
            return (Outcome: outcome, worker.Account);
        }, default, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        // All of them are waited for; where several fail for the same reason, the first says it.
        var ended = Task.WhenAll(shares).GetAwaiter().GetResult();
        foreach (var share in ended)
        {
            Account.Add(share.Account);
        }

        return ended[0].Outcome;
    }

    /// <summary>The oldest capture's records are written as they come, those of the others are kept for their turn.
    /// </summary>
    IEnumerable<CaptureOutcome> RunInParallel(CaptureSet set, int workers, ReadMeter meter, CancellationToken stop)
    {
        var running = new Queue<RunningCapture>();
        try
        {
            for (var next = 0; ;)
            {
                while (running.Count < workers && next < set.Captures.Count && !stop.IsCancellationRequested)
                {
                    running.Enqueue(Begin(set.Captures[next++], meter, stop));
                }

                if (running.Count == 0)
                {
                    yield break;
                }

                yield return End(running.Peek());
                running.Dequeue().Records.Dispose();
            }
        }
        finally
        {
            foreach (var capture in running)
            {
                capture.Records.Abandon();
            }
        }
    }

    RunningCapture Begin(CapturePath capture, ReadMeter meter, CancellationToken stop)
    {
        var records = new TurnSink(sink, Path.GetTempPath());
        return new(capture, records, Task.Factory.StartNew(() => Classify(capture, records, meter, stop), default,
            TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }

    CaptureOutcome End(RunningCapture capture)
    {
        sink.BeginCapture(capture.Path.Name);
        capture.Records.TakeTurn();
        var (outcome, account) = capture.Work.GetAwaiter().GetResult();
        capture.Records.Flush();
        Account.Add(account);
        return outcome;
    }

    (CaptureOutcome Outcome, Account Account) Classify(CapturePath capture, IRecordSink records, ReadMeter meter,
        CancellationToken stop)
    {
        var worker = new Worker(tasks, options, records, plans);
        var outcome = Read(capture, worker, meter, file => Show(capture, file, records), stop);
        worker.Finish();
        return (outcome, worker.Account);
    }

    /// <summary>
    /// Flushes records after each burst where packets come through a pipe, so that a reader sees them at once.
    /// </summary>
    static IPacketSource Show(CapturePath capture, IPacketSource file, IRecordSink records) =>
        capture.IsRegularFile ? file : new FlushedSource(file, records);

    static CaptureOutcome Read(CapturePath capture, Worker worker, ReadMeter? meter,
        Func<IPacketSource, IPacketSource> share, CancellationToken stop)
    {
        using var source = new CaptureSequence([capture], meter);
        worker.Run(share(source), stop);
        return source.Latest;
    }

    /// <summary>Represents a capture that a worker of its own classifies.</summary>
    sealed record RunningCapture(CapturePath Path, TurnSink Records, Task<(CaptureOutcome, Account)> Work);
}
