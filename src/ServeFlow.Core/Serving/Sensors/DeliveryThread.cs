using System.Diagnostics;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Spools;

namespace ServeFlow.Serving.Sensors;

/// <summary>
/// The thread that takes the records of a spool to a receiver. Where the receiver cannot be reached it tries again;
/// meanwhile records wait in the spool. At the end it goes on as long as the receiver takes records and there is time;
/// what is left is for the next run. Statistics may be read from any thread.
/// </summary>
sealed class DeliveryThread
{
    /// <summary>Leaves the last quarter of a stop to what is dropped and written.</summary>
    const double RoomShare = 0.75;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan MaxForTheEnd = TimeSpan.FromSeconds(2);

    /// <summary>Holds what a receiver that fails has for a last try, once the sensor is to stop.</summary>
    static readonly TimeSpan LastTry = TimeSpan.FromSeconds(1);

    static readonly RetryDelays Delays = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5));

    readonly SpoolBatch batch = new();
    readonly Spool spool;
    readonly IDestination destination;
    readonly OutputRecovery recovery;
    readonly Action<string> say;
    readonly string name;
    readonly Thread thread;

    /// <summary>
    /// Holds the time at which nobody waits for room in the spool any more, in ticks of <see cref="Stopwatch"/>.
    /// </summary>
    long roomEnds = long.MaxValue;

    /// <summary>
    /// Holds when something was sent first since the latest failure; 0 before. A receiver that takes a connection has
    /// taken nothing yet: one that closes each at once is left alone for longer and longer, as one that refuses.
    /// </summary>
    long sentAt;

    /// <summary>Tells that the receiver is not tried any more, as it fails and the sensor is to stop.</summary>
    volatile bool isLeft;

    /// <summary>Holds the time by which it has to have ended, in ticks of <see cref="Stopwatch"/>.</summary>
    long deadline = long.MaxValue;

    /// <param name="name">The name of the output.</param>
    /// <param name="delivery">What is delivered, and where to; belongs to the thread from then on.</param>
    /// <param name="tell">Is told, on this thread, when deliveries fail and when they go on.</param>
    public DeliveryThread(string name, SpoolDelivery delivery, Action<string> tell)
    {
        (spool, destination, say, this.name) = (delivery.Spool, delivery.Destination, tell, name);
        recovery = new($"{name}: {destination.Address}", $"records wait in {spool.Folder}", Delays, tell);
        thread = new(Run) { IsBackground = true, Name = $"delivery {name}" };
    }

    public DeliveryStatistics Statistics =>
        new(spool.Statistics, recovery.Failures, recovery.State != OutputState.Writing);

    public void Start() => thread.Start();

    /// <summary>
    /// Sets the most time that is left; later calls, of which there are many, can only shorten it. Near its end nobody
    /// waits for room in the spool any more. From one thread.
    /// </summary>
    public void Limit(TimeSpan grace)
    {
        if (grace == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        var (now, left) = (Stopwatch.GetTimestamp(), (long)(grace.TotalSeconds * Stopwatch.Frequency));
        Interlocked.Exchange(ref deadline, Math.Min(now + left, Interlocked.Read(ref deadline)));
        roomEnds = Math.Min(roomEnds, now + (long)(RoomShare * left));
        if (now >= roomEnds)
        {
            spool.EndWait();
        }
    }

    /// <summary>
    /// Ends the delivery, since nothing more is spooled: waits until the thread has ended, or makes it end when time is
    /// over. A receiver that fails has a moment: what waits is on the disk, and is for the next run.
    /// </summary>
    public void Complete()
    {
        recovery.Stop(TimeSpan.Zero);
        var stopped = Stopwatch.GetTimestamp();
        while (!thread.Join(Pause))
        {
            if (!isLeft && IsAway && Stopwatch.GetElapsedTime(stopped) >= LastTry)
            {
                isLeft = true;
                destination.Abort();
            }

            if (IsLate)
            {
                destination.Abort();
                thread.Join(LastMoment);
                return;
            }
        }
    }

    /// <summary>Gets whether the receiver fails and is not connected, where the end is bounded.</summary>
    bool IsAway => recovery.State != OutputState.Writing && Interlocked.Read(ref sentAt) == 0
        && Interlocked.Read(ref deadline) != long.MaxValue;

    bool IsLate => Stopwatch.GetTimestamp() >= Interlocked.Read(ref deadline);

    TimeSpan Left => Interlocked.Read(ref deadline) is var end && end == long.MaxValue ? MaxForTheEnd
        : TimeSpan.FromSeconds(Math.Max(0, end - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency);

    void Run()
    {
        while (true)
        {
            var isLast = recovery.IsStopping; // before the look, so that the last records are not missed
            var count = !isLeft && (isLast || recovery.IsDue) ? Step() : 0;
            if (isLast && (count == 0 || IsLate))
            {
                break;
            }

            if (count == 0)
            {
                Thread.Sleep(Pause);
            }
        }

        End();
    }

    /// <summary>Sends a batch, and finds out what has arrived; returns the number of records that were sent.</summary>
    int Step()
    {
        try
        {
            spool.Take(batch);
            if (batch.Count > 0)
            {
                destination.Send(batch);
                sentAt = sentAt == 0 ? Stopwatch.GetTimestamp() : sentAt; // connecting does not count
            }

            var confirmed = destination.Confirm();
            Acknowledge(confirmed);
            if (confirmed > 0 || (sentAt != 0 && recovery.HasHeld(sentAt)))
            {
                recovery.Succeed($"{spool.Statistics.Dropped:N0} records were dropped");
            }

            return batch.Count;
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            sentAt = 0;
            destination.Reset();
            spool.Rewind();
            recovery.Fail(e);
            return 0;
        }
    }

    void Acknowledge(int batches)
    {
        for (var i = 0; i < batches; i++)
        {
            spool.Acknowledge();
        }
    }

    void End()
    {
        var left = Left / 2;
        Acknowledge(destination.Finish(left < MaxForTheEnd ? left : MaxForTheEnd));
        spool.Rewind();
        if (spool.Statistics.Waiting is > 0 and var waiting)
        {
            say($"{name}: {waiting:N0} records wait in {spool.Folder}: the next run with this output delivers them");
        }

        destination.Dispose();
        spool.Dispose();
    }
}
