using System.Diagnostics;
using System.Runtime.InteropServices;
using ServeFlow.Benchmarks.Scale;
using ServeFlow.Cascade;
using ServeFlow.Features;
using ServeFlow.Serving.RemoteTiers;

namespace ServeFlow.Benchmarks.Transport;

/// <summary>Sends flows to a remote tier, as a packet thread of a sensor does.</summary>
sealed class TransportLoad(RemoteModel remote, CascadePlan plan, TransportOptions options)
{
    /// <summary>Specifies the number of flows; they are sent over and over.</summary>
    const int Flows = 8192;

    /// <summary>Specifies how many flows may wait: those of all batches.</summary>
    const int Slots = 1 << 16;

    /// <summary>Specifies how long the thread sleeps where nothing is due: packets come in bursts.</summary>
    const uint PauseMicroseconds = 50;

    readonly HeaderRecord[] records = SyntheticLab.Records(SyntheticLab.Traffic(Flows, options.Packets));
    readonly long[] due = new long[Slots];

    /// <summary>Gets the flows that were answered in the latest run.</summary>
    public long Answered { get; private set; }

    /// <summary>Gets the flows that were sent in vain, or not at all, in the latest run.</summary>
    public long Unanswered { get; private set; }

    /// <summary>Gets when the last of these was due or came back, by the stopwatch; 0 where there was none.</summary>
    public long LastUnanswered { get; private set; }

    public long Batches { get; private set; }

    /// <summary>Gets how long flows of the latest run waited, from when they were due.</summary>
    public WaitTimes Waits { get; private set; } = new();

    /// <summary>Runs until the workers answer and the code is compiled.</summary>
    public void WarmUp()
    {
        do
        {
            Run(TimeSpan.FromSeconds(options.WarmUp));
        }
        while (Answered == 0);
    }

    public void Run(TimeSpan time)
    {
        (Answered, Unanswered, LastUnanswered, Batches, Waits) = (0, 0, 0, 0, new());
        if (options.Rate > 0)
        {
            RunOpen(time);
        }
        else
        {
            RunClosed(time);
        }
    }

    /// <summary>Sends each batch again as soon as it is answered.</summary>
    void RunClosed(TimeSpan time)
    {
        var batches = Enumerable.Range(0, options.Credits)
            .Select(_ => new RemoteBatch(remote.Remote, TransportVerb.Depth, plan.Labels.Count)).ToArray();
        var sentAt = new long[batches.Length];
        var started = Stopwatch.GetTimestamp();
        var next = 0;
        for (var turn = 0; Stopwatch.GetElapsedTime(started) < time; turn++)
        {
            var number = turn % batches.Length;
            var batch = batches[number];
            Take(batch, sentAt[number]);
            sentAt[number] = Stopwatch.GetTimestamp();
            batch.Begin(remote.Remote.Deadline);
            for (var i = 0; i < options.Batch; i++)
            {
                batch.Add(Flow(next++));
            }

            batch.Send();
        }

        for (var i = 0; i < batches.Length; i++)
        {
            Take(batches[i], sentAt[i]);
        }
    }

    void Take(RemoteBatch batch, long sentAt)
    {
        if (batch.Count > 0)
        {
            var outcome = batch.Wait();
            Count(outcome, batch.Count);
            Waits.Add(Stopwatch.GetElapsedTime(sentAt).TotalNanoseconds, batch.Count);
        }
    }

    /// <summary>Sends flows when they are due, in the batches that a sensor makes of them.</summary>
    void RunOpen(TimeSpan time)
    {
        var away = new AwayFlows(remote.Remote, TransportVerb.Depth, plan.Labels.Count);
        var (started, next) = (Stopwatch.GetTimestamp(), 0L);
        var ticksEach = Stopwatch.Frequency / options.Rate;
        var end = (long)(time.TotalSeconds * options.Rate);
        while (next < end || away.Count > 0)
        {
            for (var now = Stopwatch.GetTimestamp() - started; next < end && next * ticksEach <= now; next++)
            {
                Depart(away, next, started + (long)(next * ticksEach));
            }

            away.Ship();
            while (away.TakeDue(out var outcome) is { } batch)
            {
                TakeBack(batch, outcome);
                away.Release(batch);
            }

            away.Ship();
            _ = Sleep(PauseMicroseconds); // a signal may end it early
        }
    }

    void Depart(AwayFlows away, long number, long dueAt)
    {
        if (away.FindRoom() is not { } batch)
        {
            CountUnanswered(1);
            return;
        }

        var slot = (int)(number % Slots);
        due[slot] = dueAt;
        batch.Add(slot, default);
        batch.Data.Add(Flow((int)(number % Flows)));
    }

    void TakeBack(AwayBatch batch, RemoteOutcome outcome)
    {
        Count(outcome, batch.Data.Count);
        var now = Stopwatch.GetTimestamp();
        for (var i = 0; i < batch.Data.Count; i++)
        {
            Waits.Add(Stopwatch.GetElapsedTime(due[batch.Slots[i]], now).TotalNanoseconds, 1);
        }
    }

    void Count(RemoteOutcome outcome, int flows)
    {
        Batches++;
        if (outcome == RemoteOutcome.Answered)
        {
            Answered += flows;
        }
        else
        {
            CountUnanswered(flows);
        }
    }

    void CountUnanswered(int flows)
    {
        Unanswered += flows;
        LastUnanswered = Stopwatch.GetTimestamp();
    }

    ReadOnlySpan<HeaderRecord> Flow(int number) =>
        records.AsSpan((int)((uint)number % (records.Length / options.Packets)) * options.Packets, options.Packets);

    [DllImport("libc", EntryPoint = "usleep")]
    static extern int Sleep(uint microseconds);
}
