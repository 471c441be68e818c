using ServeFlow.Cascade;
using ServeFlow.Packets;
using ServeFlow.Packets.Clocks;
using ServeFlow.Serving.Sources;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks;

namespace ServeFlow.Serving.Sensors;

/// <summary>
/// Workers over packet sources, a thread each, sharing nothing; and sinks, a thread each, fed by a bounded queue per
/// worker. A sink that falls behind loses records, which are counted, and no packets. Sources must deliver both
/// directions of a flow to the same worker.
/// </summary>
public sealed partial class Sensor : IDisposable
{
    readonly CancellationTokenSource stop = new();
    readonly List<WorkerThread> workers = [];
    readonly List<WorkerGauge> gauges = [];
    readonly List<SinkThread> sinks = [];
    readonly List<FlowDump> dumps = [];
    readonly FlowDumpThread? dump;
    readonly IReadOnlyList<SensorSource> sources;
    readonly Action<string> say;
    readonly StopTime time;
    bool hasStarted;
    bool isComplete;

    /// <param name="plan">What answers flows.</param>
    /// <param name="options">Limits and habits.</param>
    /// <param name="sources">One for each worker; belong to the sensor from then on.</param>
    /// <param name="sinks">Where records go.</param>
    /// <param name="say">Is told in one line, on any thread, when a sink fails or recovers and when the
    /// traffic begins to differ from that of training.</param>
    public Sensor(CascadePlan plan, SensorOptions options, IReadOnlyList<SensorSource> sources,
        IReadOnlyList<SensorSink> sinks, Action<string> say)
        : this([plan], options with { Plans = options.Plans ?? new(plan) }, sources, sinks, say)
    {
    }

    /// <param name="tasks">What answers each task; <see cref="SensorOptions.Plans"/> numbers them.</param>
    /// <inheritdoc cref="Sensor(CascadePlan, SensorOptions, IReadOnlyList{SensorSource}, IReadOnlyList{SensorSink},
    /// Action{string})"/>
    public Sensor(IReadOnlyList<CascadePlan> tasks, SensorOptions options, IReadOnlyList<SensorSource> sources,
        IReadOnlyList<SensorSink> sinks, Action<string> say)
    {
        (this.sources, this.say) = (sources, say);
        Plans = options.Plans!;
        drifts = [.. tasks.Select((plan, task) => new DriftWatch(plan, task, sources.Count))];
        lanes = [.. tasks.Select(_ => new ModelLanes())];
        workerOptions = options.Worker;
        time = new(options.StopTimeout, sinks.Count + (options.Dump is null ? 0 : 1));
        var budget = new PacketBudget(options.PacketLimit);
        var queues = sinks.ToDictionary(sink => sink, _ => new List<QueuedSink>());
        for (var i = 0; i < sources.Count; i++)
        {
            AddWorker(i, tasks, options, budget, queues);
        }

        this.sinks.AddRange(sinks.Select(sink => new SinkThread(sink, queues[sink], say, options.LowLatency)));
        dump = options.Dump is { } chosen ? new(dumps, chosen.Files, say) : null;
    }

    /// <summary>Gets the plans that have answered; counts by tier are in the order of its tiers.</summary>
    public ServedPlans Plans { get; }

    /// <summary>Gets what has been done so far; callable from any thread.</summary>
    public SensorStatistics Statistics
    {
        get
        {
            Span<long> sum = stackalloc long[WorkerGauge.Cells];
            sum.Clear();
            foreach (var gauge in gauges)
            {
                gauge.AddTo(sum);
            }

            return WorkerGauge.Read(sum, Plans.TierNames.Count, [.. sinks.Select(sink => sink.Statistics)]) with
            {
                Dump = dump?.Statistics,
                Drifts = [.. drifts.Select(drift => drift.State)],
            };
        }
    }

    /// <summary>
    /// Sums what the workers have counted, by reason; callable from any thread, and no worker is held up. While they
    /// work, each number is exact by itself, but two may be of moments that lie a burst apart.
    /// </summary>
    public Account SumAccounts()
    {
        var sum = new Account(Plans.TierNames.Count);
        workers.ForEach(worker => sum.Add(worker.Account));
        return sum;
    }

    /// <summary>
    /// Reads a number of each worker that grows as long as the worker asks for packets, whether or not any come;
    /// callable from any thread.
    /// </summary>
    public IReadOnlyList<long> ReadProgress() => [.. gauges.Select(gauge => gauge.Version)];

    /// <summary>Sums the memory of the flow tables, and the most that they can come to, in bytes.</summary>
    public (long Bytes, long Limit) SumTableBytes() =>
        (workers.Sum(worker => worker.Table.Bytes), workers.Sum(worker => worker.Table.Limit));

    public void Start()
    {
        hasStarted = true;
        foreach (var sink in sinks)
        {
            sink.Start();
        }

        dump?.Start();

        foreach (var worker in workers)
        {
            worker.Start();
        }
    }

    /// <summary>
    /// Asks the workers to stop after their burst and to end their flows, for which the stop timeout begins to run;
    /// does not wait. From any thread.
    /// </summary>
    public void Stop()
    {
        time.Begin();
        sinks.ForEach(sink => sink.ForEachQueue(queue => queue.LimitWaiting(time.PerOutput)));
        dumps.ForEach(tap => tap.AllowWaiting(time.PerOutput));
        stop.Cancel();
    }

    /// <summary>Waits for the workers; false where some still work after <paramref name="timeout"/>.</summary>
    public bool Wait(TimeSpan timeout)
    {
        var limit = new TimeLimit(timeout);
        return workers.TrueForAll(worker => worker.Join(limit.Left));
    }

    /// <summary>Lets the sinks go on in new files; log rotation. From any thread.</summary>
    public void ReopenSinks()
    {
        foreach (var sink in sinks)
        {
            sink.Reopen();
        }
    }

    /// <summary>
    /// Stops the workers, writes all records and closes the sinks. Every flow has had its answer then, and every
    /// record is accounted for.
    /// </summary>
    /// <param name="grace">The most that outputs may take from now on for what still waits; what is left of the stop
    /// timeout where that is less.</param>
    /// <exception cref="InputException">A source failed.</exception>
    public Account Complete(TimeSpan grace)
    {
        isComplete = true;
        time.EndWithin(grace);
        Stop();
        while (!WaitForRecords(Step))
        {
        }

        LeaveStuckThreads();
        var account = SumAccounts();
        ThrowFault();
        return account;
    }

    public void Dispose()
    {
        if (hasStarted && !isComplete)
        {
            Complete(TimeSpan.Zero);
        }

        foreach (var source in sources)
        {
            source.Packets.Dispose();
        }

        stop.Dispose();
    }

    void ThrowFault()
    {
        switch (workers.Find(worker => worker.Fault is not null)?.Fault)
        {
            case null:
                return;
            case InputException fault:
                throw new InputException(fault.Message, fault);
            case var fault:
                throw new InvalidOperationException($"a worker failed: {fault.Message}", fault);
        }
    }

    void AddWorker(int number, IReadOnlyList<CascadePlan> tasks, SensorOptions options, PacketBudget budget,
        Dictionary<SensorSink, List<QueuedSink>> queues)
    {
        var own = queues.Select(entry =>
        {
            var queue = new QueuedSink(entry.Key.Capacity, entry.Key.Lossless, entry.Key.Sink.WantsPredictions);
            entry.Value.Add(queue);
            return queue;
        }).ToList();
        var tap = options.Dump is { } chosen ? new FlowDump(chosen.Filters, chosen.KeepBytes, chosen.QueueBytes,
            Plans) : null;
        var plain = queues.Keys.Zip(own).Where(entry => !entry.First.IsForDisagreements).Select(entry => entry.Second)
            .ToList();
        disagreements.Add(queues.Keys.Zip(own).FirstOrDefault(entry => entry.First.IsForDisagreements).Second);
        IReadOnlyList<IRecordSink> all = options.Tap is { } live ? [.. plain, .. Listed(tap), live.CreateEnd()]
            : [.. plain, .. Listed(tap)];
        var sink = all is [var only] ? only : new FanOutSink(all);
        var worker = new Worker(tasks, options.Worker, sink, tap, Plans, 0,
            [.. drifts.Select(drift => drift.FindCounter(number))]);
        var gauge = new WorkerGauge();
        gauges.Add(gauge);
        var watched = new WatchedSource(sources[number], budget, options.LowLatency ? PublishAndWake
            : () => gauge.Publish(worker));
        // Outermost, so that the ticks of a quiet link confirm a time or refute it.
        IPacketSource source = sources[number].HasLiveClock ? new SteadySource(watched) : watched;
        workers.Add(new(number, worker, source, gauge, Prepare, BeforeEnds, stop));

        void PublishAndWake()
        {
            gauge.Publish(worker);
            foreach (var output in sinks)
            {
                output.Wake(number);
            }
        }

        void BeforeEnds()
        {
            own.ForEach(queue => queue.AllowWaiting(time.PerOutput));
            tap?.AllowWaiting(time.PerOutput);
        }

        void Prepare()
        {
            sources[number].SubscribeToCaptureNames?.Invoke(sink.BeginCapture);
            if (options.PinsWorkers)
            {
                CorePinning.Pin(number, sources.Count);
            }
        }
    }

    /// <summary>The tap on flows hears of their answers as a sink does.</summary>
    List<FlowDump> Listed(FlowDump? tap)
    {
        if (tap is null)
        {
            return [];
        }

        dumps.Add(tap);
        return [tap];
    }
}
