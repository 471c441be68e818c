using System.Runtime.InteropServices;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Cli.Commands.Daemon;
using ServeFlow.Cli.Commands.Logs;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Configuration;
using ServeFlow.Cli.Terminal;
using ServeFlow.Cluster;
using ServeFlow.Cluster.Fleets;
using ServeFlow.Onnx;

namespace ServeFlow.Cli.Commands.Workers;

/// <summary>Represents one run of <c>worker</c>, as it was asked for.</summary>
sealed class WorkerRun
{
    /// <summary>Specifies how often signals are checked.</summary>
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Limits how long a start that was broken off is waited for.</summary>
    static readonly TimeSpan StopTime = TimeSpan.FromSeconds(2);

    static readonly TimeSpan RejoinPause = TimeSpan.FromSeconds(1);

    public required IReadOnlyList<string> Bundles { get; init; }

    public required ClusterWorkerOptions Options { get; init; }

    /// <summary>Gets the folder for what its fleet publishes; null for one that is gone with the worker.</summary>
    public required string? Store { get; init; }

    /// <summary>Gets the formats of models that it serves.</summary>
    public required ModelFormats Formats { get; init; }

    /// <summary>Gets the folder of another ONNX Runtime; null for the one that comes with the program.</summary>
    public required string? Library { get; init; }

    /// <summary>Gets what is logged, and how.</summary>
    public required (LogLevel Level, LogFormat Format) Log { get; init; }

    /// <summary>Gets the configuration, which SIGHUP reads again; null where there is none.</summary>
    public required UsedConfiguration? Configuration { get; init; }

    /// <summary>Runs it until a signal; returns the exit code.</summary>
    public int Run()
    {
        if (Bundles.Count == 0)
        {
            throw new InputException("worker.bundles: is missing: give the bundle of the sensors");
        }

        if (Library is not null)
        {
            OnnxLibrary.Use(Library); // before anything loads the one that comes with the program
        }

        using var log = new ProcessLog(Log.Level, Log.Format);
        if (Store is not null)
        {
            return Run(Store, log);
        }

        var store = Directory.CreateTempSubdirectory("serveflow-store-").FullName;
        try
        {
            return Run(store, log);
        }
        finally
        {
            Remove(store, log);
        }
    }

    /// <param name="store">The folder for what is published, which stays as it is when the worker joins again.</param>
    int Run(string store, ProcessLog log)
    {
        using var signals = new ServeSignals();
        using var manager = ServiceManager.Open();
        var plans = Bundles.Select(Load).ToList(); // once, as it may join again many times
        if (Start(plans, store, signals, log) is not { } worker)
        {
            return Stopped(signals);
        }

        manager.Ready();
        while (true)
        {
            log.Say($"worker of cluster '{Options.Cluster.Id}' at {Options.Address}, {Options.Threads} at a time: "
                + worker.Tiers);
            manager.Status(worker.Tiers);
            while (!signals.MustStop && !worker.Ended.IsCancellationRequested)
            {
                if (signals.TakeHangUp())
                {
                    manager.Reloading();
                    Reload(log);
                    manager.Ready();
                }

                Thread.Sleep(Step);
            }

            if (signals.MustStop)
            {
                manager.Stopping("answering what came");
            }

            var why = signals.MustStop ? "" : worker.EndReason;
            worker.DisposeAsync().AsTask().Wait();
            log.Say($"worker of cluster '{Options.Cluster.Id}': {worker.Counts}");
            if (signals.MustStop || JoinAgain(plans, store, why, signals, log) is not { } next)
            {
                return Stopped(signals);
            }

            worker = next;
        }
    }

    /// <summary>Reads the configuration again, and applies what can change while a worker runs.</summary>
    void Reload(ProcessLog log)
    {
        if (Configuration is null)
        {
            log.Say("there is no configuration to read again");
            return;
        }

        try
        {
            var next = Configuration.ReadAgain();
            foreach (var error in next.Errors)
            {
                log.Complain(error.ToString());
            }

            if (next.Errors.Count > 0)
            {
                log.Complain(UsedConfiguration.NoneApplied);
                return;
            }

            foreach (var line in UsedConfiguration.Describe(Configuration.Use(next), row => row.IsReloadable, "worker"))
            {
                log.Say(line);
            }

            log.Use(LogArguments.Read(next.Parse()).Level);
        }
        catch (InputException e)
        {
            log.Complain(UsedConfiguration.DescribeFailure(e));
        }
    }

    /// <summary>
    /// Joins the cluster again, which takes a worker for dead that was cut off or paused for some seconds, and whose
    /// list may be lost. It is tried until it succeeds; null where a signal came before.
    /// </summary>
    /// <param name="why">Why it ended, in a clause.</param>
    FleetWorker? JoinAgain(IReadOnlyList<CascadePlan> plans, string store, string why, ServeSignals signals,
        ProcessLog log)
    {
        log.Warn($"{Options.Address}: {why}; it joins again");
        for (string? said = null; !signals.MustStop; Thread.Sleep(RejoinPause))
        {
            try
            {
                return Start(plans, store, signals, log);
            }
            catch (InputException e)
            {
                if (e.Message != said)
                {
                    log.Warn(said = e.Message);
                }
            }
        }

        return null;
    }

    /// <summary>Joins the cluster, which may take minutes; null where a signal came before.</summary>
    FleetWorker? Start(IReadOnlyList<CascadePlan> plans, string store, ServeSignals signals, ProcessLog log)
    {
        using var stop = new CancellationTokenSource();
        var starting = FleetWorker.StartAsync(Options, plans, store, Formats, log.Say, log.Warn, stop.Token);
        while (Task.WaitAny([starting], Step) < 0)
        {
            if (signals.MustStop)
            {
                stop.Cancel();
                Task.WaitAny([starting], StopTime);
                return null;
            }
        }

        return starting.GetAwaiter().GetResult();
    }

    static int Stopped(ServeSignals signals) =>
        signals.Stop == PosixSignal.SIGINT ? CommandRunner.Interrupted : CommandRunner.Succeeded;

    /// <summary>Removes a temporary store, as far as nothing writes to it any more.</summary>
    static void Remove(string store, ProcessLog log)
    {
        try
        {
            Directory.Delete(store, recursive: true);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            log.Warn($"{store}: cannot be removed: {e.Message}");
        }
    }

    CascadePlan Load(string path) => Bundle.Load(path, Formats).Plan;
}
