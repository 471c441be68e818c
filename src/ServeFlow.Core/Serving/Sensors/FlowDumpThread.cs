using ServeFlow.Sinks.Files;

namespace ServeFlow.Serving.Sensors;

/// <summary>Represents the thread that writes the packets of chosen flows. Where the disk fails, packets are dropped
/// and counted, and a new file is tried every so often.</summary>
sealed class FlowDumpThread
{
    static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(5);
    static readonly RetryDelays Delays = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    readonly IReadOnlyList<FlowDump> dumps;
    readonly PcapDump files;
    readonly OutputRecovery recovery;
    readonly Thread thread;
    FlowDumpStatistics? leftBehind;

    public FlowDumpThread(IReadOnlyList<FlowDump> dumps, PcapDumpOptions options, Action<string> say)
    {
        this.dumps = dumps;
        files = new(options);
        recovery = new("flow dump", "packets are dropped and counted", Delays, say);
        thread = new(Run) { IsBackground = true, Name = "flow dump" };
    }

    public FlowDumpStatistics Statistics => Volatile.Read(ref leftBehind) ?? new(recovery.Written,
        dumps.Sum(dump => dump.Missed), dumps.Sum(dump => dump.Lost), recovery.Failed);

    public void Start() => thread.Start();

    /// <summary>No worker hands over packets any more: the thread ends when what is left is written.</summary>
    public void Finish(TimeSpan grace) => recovery.Stop(grace);

    /// <summary>Waits for the thread to end; false where it still writes after <paramref name="timeout"/>.</summary>
    public bool Join(TimeSpan timeout) => thread.Join(timeout);

    /// <summary>The thread hangs in the disk and is left behind: what it still had counts as failed.</summary>
    public void LeaveBehind()
    {
        var last = Statistics;
        Volatile.Write(ref leftBehind, last with { Failed = dumps.Sum(dump => dump.Accepted) - last.Written });
    }

    void Run()
    {
        while (true)
        {
            var isLast = recovery.IsStopping; // before the look, so that the last packets are not missed
            var count = dumps.Sum(Drain);
            if (count == 0)
            {
                Attempt(Flush);
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
            recovery.Hand(1);
            if (recovery.IsDue)
            {
                Write(packet, data);
            }

            UpdateAccount();
            dump.Queue.Release(packet);
        }

        return count;
    }

    void Write(in KeptPacket packet, ReadOnlySpan<byte> data)
    {
        try
        {
            files.Write(packet, data);
            Succeed();
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            Fail(e);
        }
    }

    void Flush()
    {
        if (files.Pending > 0)
        {
            files.Flush();
            Succeed();
        }
    }

    void Attempt(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            Fail(e);
        }

        UpdateAccount();
    }

    void Fail(Exception error)
    {
        files.Abandon();
        recovery.Fail(error);
    }

    void Succeed()
    {
        if (files.Pending == 0)
        {
            UpdateAccount();
            recovery.Succeed($"{recovery.Failed} packets were dropped");
        }
    }

    /// <summary>Packets are in a file, gathered for one, or gone.</summary>
    void UpdateAccount() => recovery.UpdateAccount(files.Written, files.Pending);
}
