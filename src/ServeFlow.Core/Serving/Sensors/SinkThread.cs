using System.Collections.Concurrent;
using System.Diagnostics;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Files;

namespace ServeFlow.Serving.Sensors;

/// <summary>
/// The thread behind one sink: drains the queues of all workers into it, so that no worker ever waits for a disk. Where
/// the medium fails (a full disk), the thread waits and tries again: records wait in the queues, then are lost, and
/// counted. Statistics may be read from any thread.
/// </summary>
public sealed partial class SinkThread
{
    /// <summary>Specifies the number of records taken from one worker before the next one has its turn.</summary>
    const int BatchSize = 256;

    /// <summary>Part of the grace that a delivery may take, so that the thread behind it ends in time.</summary>
    const double DeliveryShare = 7.0 / 8;

    static readonly TimeSpan MinPause = TimeSpan.FromMilliseconds(1);
    static readonly TimeSpan PartTime = TimeSpan.FromMinutes(1);
    static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(10);
    static readonly RetryDelays Delays = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5));

    readonly SensorSink spec;
    readonly QueuedSink[] queues;
    readonly ConcurrentQueue<byte[]> notes = [];
    readonly int lookahead;

    /// <summary>Holds the sink behind a bound, where there is one.</summary>
    readonly IRecordSink medium;

    readonly Action<string> log;
    readonly OutputRecovery recovery;
    readonly Thread thread;
    readonly DeliveryThread? delivery;
    string? capture;
    long reopenings;
    long reopened;
    long partBegan = Stopwatch.GetTimestamp();
    SinkStatistics? leftBehind;

    /// <param name="spec">The sink, which belongs to the thread from then on.</param>
    /// <param name="queues">One for each worker.</param>
    /// <param name="say">Is told, on this thread, when the sink fails and when it recovers.</param>
    /// <param name="isWoken">Whether <see cref="Wake"/> is called after each burst.</param>
    public SinkThread(SensorSink spec, IReadOnlyList<QueuedSink> queues, Action<string> say, bool isWoken = false)
    {
        this.spec = spec;
        this.queues = [.. queues];
        lookahead = spec.Sink.Lookahead;
        medium = LimitedSink.Unwrap(spec.Sink);
        this.log = say;
        recovery = new(spec.Name, "records wait, then are lost and counted", Delays, say);
        thread = new(Run) { IsBackground = true, Name = $"sink {spec.Name}" };
        delivery = spec.Delivery is { } delivered ? new(spec.Name, delivered, say) : null;
        wake = isWoken && delivery is null ? new(false) : null;
        progress = new SinkProgress[queues.Count];
    }

    public SinkStatistics Statistics => Volatile.Read(ref leftBehind) ?? Count();

    /// <summary>Gets the number of records that were handed to the sink, which left them out.</summary>
    long LeftOut => (spec.Sink as LimitedSink)?.LeftOut.Total ?? 0;

    bool IsGivenUp => recovery.State == OutputState.GivenUp;

    /// <summary>Gets whether workers wait for the sink as long as it takes, unless they are to stop.</summary>
    public bool IsLossless => spec.Lossless;

    public void Start()
    {
        delivery?.Start();
        thread.Start();
    }

    /// <summary>Counts what has become of all records: those in the hands of the sink still wait.</summary>
    SinkStatistics Count()
    {
        var (settled, failed) = (recovery.Written, recovery.Failed);
        var waiting = queues.Sum(queue => queue.Accepted) - settled - failed;
        return new(spec.Name, settled - LeftOut, failed, queues.Sum(queue => queue.LostPredictions),
            queues.Sum(queue => queue.LostEnds), recovery.Failures, Math.Max(0, waiting),
            queues.Sum(queue => (long)queue.Capacity))
        {
            IsFailing = recovery.State != OutputState.Writing,
            Delivery = delivery?.Statistics,
            LeftOut = spec.Sink is LimitedSink { IsBounded: true } limited ? limited.LeftOut : null,
        };
    }

    /// <summary>The sink should let go of its file and begin it anew, also while it fails; log rotation.</summary>
    public void Reopen()
    {
        Interlocked.Increment(ref reopenings);
        recovery.Hurry();
    }

    /// <inheritdoc cref="IRecordSink.WriteNote"/>
    public void WriteNote(byte[] line) => notes.Enqueue(line);

    /// <summary>Applies <paramref name="act"/> to the queue of each worker.</summary>
    public void ForEachQueue(Action<QueuedSink> act) => Array.ForEach(queues, act);

    /// <summary>
    /// No worker writes any more: the thread ends when everything is written, or when <paramref name="grace"/> is over
    /// while the medium fails. May be said again with less grace.
    /// </summary>
    public void Finish(TimeSpan grace)
    {
        delivery?.Limit(grace == Timeout.InfiniteTimeSpan ? grace : grace * DeliveryShare);
        recovery.Stop(grace);
    }

    /// <summary>Waits for the thread to end; false where it still writes after <paramref name="timeout"/>.</summary>
    public bool Join(TimeSpan timeout) => thread.Join(timeout);

    /// <summary>The thread hangs in the medium and is left behind: what it still had counts as failed.</summary>
    public void LeaveBehind()
    {
        var awaited = delivery is null ? "its reader or disk" : "the spool";
        log($"{spec.Name}: stopped with a write still waiting for {awaited}");
        var last = Statistics;
        Volatile.Write(ref leftBehind, last with
        {
            Failed = queues.Sum(queue => queue.Accepted) - last.Written - LeftOut,
        });
    }

    void Run()
    {
        if (wake is not null)
        {
            PromptThread.RequestShortSlices();
        }

        var shortest = delivery is null ? MinPause : MaxPause; // so that a sync of the spool's disk is for many records
        var pause = shortest;
        while (true)
        {
            var isLast = recovery.IsStopping; // before the look, so that the last records are not missed
            var count = Drain();
            if (MustReopen())
            {
                Attempt(static sink => (sink as IReopenable)?.Reopen());
            }

            CompletePartWhenDue();
            while (notes.TryDequeue(out var note))
            {
                Attempt(sink => sink.WriteNote(note));
            }

            if (count > 0)
            {
                pause = shortest;
                continue;
            }

            Attempt(static sink => sink.Flush());
            if (isLast)
            {
                break;
            }

            Pause(pause);
            pause = spec.Lossless || pause >= MaxPause ? pause : 2 * pause; // a worker may be waiting for this one
        }

        Close();
        delivery?.Complete();
    }

    /// <summary>Drains every queue once, in turn.</summary>
    int Drain()
    {
        var count = 0;
        foreach (var queue in queues)
        {
            var records = queue.Peek(BatchSize);
            for (var i = 0; i < records.Length;)
            {
                i = Write(queue, records, i);
            }

            queue.Release(records.Length);
            count += records.Length;
        }

        UpdateAccount();
        return count;
    }

    /// <summary>Hands records on from the i-th until they end or the sink fails; returns how far it came.</summary>
    int Write(QueuedSink queue, ReadOnlySpan<FlowRecord> records, int i)
    {
        try
        {
            SwitchCapture(queue.Capture);
            while (i < records.Length)
            {
                if (records[i].Kind == RecordKind.None)
                {
                    SwitchCapture(queue.NextCapture(records[i++].PacketNumber));
                    continue;
                }

                var run = SliceRun(records[i..]);
                i += run.Length;
                recovery.Hand(run.Length);
                if (!IsGivenUp)
                {
                    spec.Sink.WriteMany(run);
                }
            }
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            Recover(e);
        }

        return i;
    }

    /// <summary>Gets the longest run of records, from the first on, that the sink takes at once.</summary>
    ReadOnlySpan<FlowRecord> SliceRun(ReadOnlySpan<FlowRecord> records)
    {
        var length = 1;
        while (length < records.Length && length < lookahead && records[length].Kind != RecordKind.None)
        {
            length++;
        }

        return records[..length];
    }

    /// <summary>Workers may be at different captures: the sink is told whose records follow.</summary>
    void SwitchCapture(string? name)
    {
        if (name is not null && name != capture)
        {
            capture = name;
            spec.Sink.BeginCapture(name);
        }
    }

    /// <summary>Once a minute, so that a killed process loses no more than that.</summary>
    void CompletePartWhenDue()
    {
        if (!spec.Lossless && medium is IPartwise && Stopwatch.GetElapsedTime(partBegan) >= PartTime)
        {
            partBegan = Stopwatch.GetTimestamp();
            Attempt(static sink => ((IPartwise)LimitedSink.Unwrap(sink)).CompletePart());
        }
    }
}
