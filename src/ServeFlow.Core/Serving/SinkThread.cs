using System.Diagnostics;
using ServeFlow.Sinks;

namespace ServeFlow.Serving;

/// <summary>
/// The thread behind one sink: drains the queues of all workers into it, so that no worker ever waits for a disk.
/// Where the medium fails (a full disk), records wait, then are lost, and counted; it tries again, ever less often,
/// until it succeeds. Statistics may be read from any thread.
/// </summary>
public sealed class SinkThread
{
    /// <summary>Records taken from one worker before the next one has its turn.</summary>
    const int Turn = 256;

    static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    readonly SensorSink spec;
    readonly QueuedSink[] queues;
    readonly int lookahead;
    readonly Action<string> say;
    readonly Thread thread;
    string? capture;
    long handed;
    long written;
    long failed;
    long failures;
    long reopenings;
    long graceEnds;
    volatile bool isClosing;
    volatile bool isFailing;
    volatile bool isBroken;

    /// <param name="spec">The sink, which belongs to the thread from then on.</param>
    /// <param name="queues">One for each worker.</param>
    /// <param name="say">Is told, on this thread, when the sink fails and when it recovers.</param>
    public SinkThread(SensorSink spec, IReadOnlyList<QueuedSink> queues, Action<string> say)
    {
        this.spec = spec;
        this.queues = [.. queues];
        lookahead = spec.Sink.Lookahead;
        this.say = say;
        thread = new(Run) { IsBackground = true, Name = $"sink {spec.Name}" };
    }

    public SinkStatistics Statistics => new(spec.Name, Interlocked.Read(ref written), Interlocked.Read(ref failed),
        queues.Sum(queue => queue.LostPredictions), queues.Sum(queue => queue.LostEnds),
        Interlocked.Read(ref failures), isFailing, queues.Sum(queue => (long)queue.Count),
        queues.Sum(queue => (long)queue.Capacity));

    public void Start() => thread.Start();

    /// <summary>The sink should let go of its file and begin it anew; log rotation.</summary>
    public void Reopen() => Interlocked.Increment(ref reopenings);

    /// <summary>Workers that wait for room in a queue wait no longer. From any thread.</summary>
    public void Abandon()
    {
        foreach (var queue in queues)
        {
            queue.Abandon();
        }
    }

    /// <summary>
    /// No worker writes any more: waits until everything is written. After <paramref name="grace"/> without an end
    /// the thread is left behind, and what it still had counts as failed.
    /// </summary>
    public void Complete(TimeSpan grace)
    {
        Volatile.Write(ref graceEnds, Stopwatch.GetTimestamp() + (long)(grace.TotalSeconds * Stopwatch.Frequency));
        isClosing = true;
        if (!thread.Join(grace + TimeSpan.FromSeconds(1)))
        {
            say($"{spec.Name}: stopped with a write still waiting for its reader");
            Interlocked.Exchange(ref failed, queues.Sum(queue => queue.Accepted) - Interlocked.Read(ref written));
        }
    }

    void Run()
    {
        var pause = FirstPause;
        var seen = 0L;
        while (true)
        {
            var isLast = isClosing; // before the look, so that the last records are not missed
            var count = Drain();
            if (seen != Interlocked.Read(ref reopenings))
            {
                seen = Interlocked.Read(ref reopenings);
                Attempt(static sink => (sink as IReopenable)?.Reopen());
            }

            if (count > 0)
            {
                pause = FirstPause;
                continue;
            }

            Attempt(static sink => sink.Flush());
            if (isLast)
            {
                break;
            }

            Thread.Sleep(pause);
            pause = spec.Lossless || pause >= LongestPause ? pause : 2 * pause; // a worker may be waiting for this one
        }

        Close();
    }

    /// <summary>One turn of every queue.</summary>
    int Drain()
    {
        var count = 0;
        foreach (var queue in queues)
        {
            var records = queue.Peek(Turn);
            for (var i = 0; i < records.Length;)
            {
                i = Write(queue, records, i);
            }

            queue.Release(records.Length);
            count += records.Length;
        }

        Note();
        return count;
    }

    /// <summary>Hands records on from the i-th until they end or the sink fails; returns how far it came.</summary>
    int Write(QueuedSink queue, ReadOnlySpan<FlowRecord> records, int i)
    {
        try
        {
            Begin(queue.Capture);
            while (i < records.Length)
            {
                if (records[i].Kind == RecordKind.None)
                {
                    Begin(queue.NextCapture(records[i++].PacketNumber));
                    continue;
                }

                var run = Run(records[i..]);
                i += run.Length;
                handed += run.Length;
                if (!isBroken)
                {
                    spec.Sink.WriteMany(run);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Recover(e);
        }

        return i;
    }

    /// <summary>As many records from the first on as the sink takes at once.</summary>
    ReadOnlySpan<FlowRecord> Run(ReadOnlySpan<FlowRecord> records)
    {
        var length = 1;
        while (length < records.Length && length < lookahead && records[length].Kind != RecordKind.None)
        {
            length++;
        }

        return records[..length];
    }

    /// <summary>Workers may be at different captures: the sink is told whose records follow.</summary>
    void Begin(string? name)
    {
        if (name is not null && name != capture)
        {
            capture = name;
            spec.Sink.BeginCapture(name);
        }
    }

    void Attempt(Action<IRecordSink> step)
    {
        if (isBroken)
        {
            return;
        }

        try
        {
            step(spec.Sink);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Recover(e);
        }

        Note();
    }

    /// <summary>The sink has kept what it could not write: tries until it can, or until there is no more use.</summary>
    void Recover(Exception error)
    {
        isFailing = true;
        failures++;
        if (!spec.Retries || BrokenPipe.Is(error))
        {
            Break(error);
            return;
        }

        say($"{spec.Name}: cannot be written: {error.Message.TrimEnd('.')}; records wait, then are lost and counted; "
            + "trying again");
        for (var pause = FirstRetry; isFailing; pause = pause < LongestRetry / 2 ? 2 * pause : LongestRetry)
        {
            if (!Pause(pause))
            {
                Break(error);
                return;
            }

            TryAgain();
        }

        say($"{spec.Name}: is written again; {Statistics.Lost} records were lost so far");
    }

    void TryAgain()
    {
        try
        {
            spec.Sink.Flush();
            isFailing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failures++;
        }
    }

    /// <summary>Waits; false where the grace that closing gives has run out.</summary>
    bool Pause(TimeSpan pause)
    {
        for (var left = pause; left > TimeSpan.Zero && !isClosing; left -= FirstRetry)
        {
            Thread.Sleep(FirstRetry);
        }

        if (!isClosing)
        {
            return true;
        }

        Thread.Sleep(FirstRetry);
        return Stopwatch.GetTimestamp() < Volatile.Read(ref graceEnds);
    }

    /// <summary>Gives the sink up: what it has not written counts as failed, as does all that comes.</summary>
    void Break(Exception error)
    {
        isBroken = true;
        say($"{spec.Name}: given up: {error.Message.TrimEnd('.')}");
        spec.GivenUp?.Invoke(error);
    }

    void Note()
    {
        if (!isBroken)
        {
            Interlocked.Exchange(ref written, handed - spec.Sink.Pending);
        }

        Interlocked.Exchange(ref failed, isBroken ? handed - written : 0);
    }

    /// <summary>Closes the sink, again where that fails and there is still time.</summary>
    void Close()
    {
        while (!TryDispose() && !isBroken)
        {
            if (!spec.Retries || !Pause(FirstRetry))
            {
                Break(new IOException("it could not be completed"));
            }
        }

        Note();
    }

    bool TryDispose()
    {
        try
        {
            spec.Sink.Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failures++;
            return false;
        }
    }
}
