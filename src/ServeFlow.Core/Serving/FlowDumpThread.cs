using System.Diagnostics;
using ServeFlow.Sinks;

namespace ServeFlow.Serving;

/// <summary>The thread that writes the packets of chosen flows. Where the disk fails, packets are dropped and counted,
/// and a new file is tried every so often.</summary>
sealed class FlowDumpThread
{
    static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    readonly IReadOnlyList<FlowDump> dumps;
    readonly PcapDump files;
    readonly Action<string> say;
    readonly Thread thread;
    long written;
    long failed;
    long retryAt;
    bool isFailing;
    volatile bool isClosing;

    public FlowDumpThread(IReadOnlyList<FlowDump> dumps, PcapDumpOptions options, Action<string> say)
    {
        this.dumps = dumps;
        this.say = say;
        files = new(options);
        thread = new(Run) { IsBackground = true, Name = "flow dump" };
    }

    public FlowDumpStatistics Statistics => new(Interlocked.Read(ref written), dumps.Sum(dump => dump.Missed),
        dumps.Sum(dump => dump.Lost), Interlocked.Read(ref failed));

    public void Start() => thread.Start();

    /// <summary>No worker hands over packets any more: writes what is left.</summary>
    public void Complete(TimeSpan grace)
    {
        isClosing = true;
        thread.Join(grace);
    }

    void Run()
    {
        while (true)
        {
            var isLast = isClosing; // before the look, so that the last packets are not missed
            var count = dumps.Sum(Drain);
            if (count == 0)
            {
                Attempt(() => Count(files.Pending, files.Flush));
                if (isLast)
                {
                    break;
                }

                Thread.Sleep(Idle);
            }
        }

        Attempt(files.Close);
    }

    int Drain(FlowDump dump)
    {
        var count = 0;
        for (; dump.Queue.TryPeek(out var packet, out var data); count++)
        {
            if (isFailing && Stopwatch.GetTimestamp() < retryAt)
            {
                failed++;
            }
            else
            {
                Write(packet, data);
            }

            dump.Queue.Release(packet);
        }

        return count;
    }

    void Write(in KeptPacket packet, ReadOnlySpan<byte> data)
    {
        var before = files.Pending;
        try
        {
            files.Write(packet, data);
            Interlocked.Add(ref written, before + 1 - files.Pending);
            Recovered();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failed += files.Pending == before ? 1 : 0; // it did not come so far as to be gathered
            Fail(e);
        }
    }

    void Count(long pending, Action flush)
    {
        flush();
        Interlocked.Add(ref written, pending);
        Recovered();
    }

    void Attempt(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
        }
    }

    void Fail(Exception error)
    {
        failed += files.Abandon();
        retryAt = Stopwatch.GetTimestamp() + (long)(Retry.TotalSeconds * Stopwatch.Frequency);
        if (!isFailing)
        {
            isFailing = true;
            say($"flow dump: cannot be written: {error.Message.TrimEnd('.')}; packets are dropped and counted; trying again");
        }
    }

    void Recovered()
    {
        if (isFailing && files.Pending == 0)
        {
            isFailing = false;
            say($"flow dump: is written again; {failed} packets were dropped so far");
        }
    }
}
