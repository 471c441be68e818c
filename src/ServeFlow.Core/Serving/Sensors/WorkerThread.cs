using ServeFlow.Packets;
using ServeFlow.Serving.Workers;

namespace ServeFlow.Serving.Sensors;

/// <summary>Runs one worker on its own thread, from its source's first packet to the end of every flow.</summary>
sealed class WorkerThread
{
    readonly Worker worker;
    readonly IPacketSource source;
    readonly WorkerGauge gauge;
    readonly Action prepare;
    readonly Action beforeEnds;
    readonly CancellationTokenSource stop;
    readonly Thread thread;

    /// <param name="prepare">Called first on the worker's thread.</param>
    /// <param name="beforeEnds">Called there when no more packets are taken, before the open flows end.</param>
    /// <param name="stop">Ends the work; raised here for all workers where this one fails.</param>
    public WorkerThread(int number, Worker worker, IPacketSource source, WorkerGauge gauge, Action prepare,
        Action beforeEnds, CancellationTokenSource stop)
    {
        this.worker = worker;
        this.source = source;
        this.gauge = gauge;
        this.prepare = prepare;
        this.beforeEnds = beforeEnds;
        this.stop = stop;
        thread = new(Run) { IsBackground = true, Name = $"worker {number}" };
    }

    /// <summary>
    /// Gets the error that ended the thread; null where there was none. Valid once the thread has ended.
    /// </summary>
    public Exception? Fault { get; private set; }

    public Account Account => worker.Account;

    /// <summary>Gets the memory of the flow table, and the most that it can come to, in bytes.</summary>
    public (long Bytes, long Limit) Table => worker.Table;

    public Worker Worker => worker;

    /// <summary>Gets whether new flows are answered as was asked for last; true where none will come.</summary>
    public bool IsChanged => worker.IsChanged || (thread.ThreadState & ThreadState.Stopped) != 0;

    public void Start() => thread.Start();

    public bool Join(TimeSpan timeout) => thread.Join(timeout);

    void Take()
    {
        try
        {
            worker.Run(source, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The source was waiting for packets.
        }
    }

    void Run()
    {
        try
        {
            prepare();
            Take();
            beforeEnds();
            worker.Finish();
            gauge.Publish(worker);
        }
        catch (Exception e)
        {
            Fault = e;
            stop.Cancel();
        }
    }
}
