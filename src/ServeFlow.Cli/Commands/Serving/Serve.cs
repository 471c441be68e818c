using System.Runtime.InteropServices;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Decisions;
using ServeFlow.Cli.Commands.Daemon;
using ServeFlow.Cli.Commands.Logs;
using ServeFlow.Cli.Commands.Serving.Fleets;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cli.Terminal;
using ServeFlow.Service;
using ServeFlow.Service.Live;
using ServeFlow.Serving.Sensors;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks.Formats;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Represents one run of <c>serve</c>: opens everything, watches over it, and brings it to an orderly
/// end.</summary>
/// <param name="reread">Reads the configuration again; gives null where there is none.</param>
/// <param name="readSettings">Reads the settings that hold; null where nobody is shown them.</param>
sealed class Serve(ServeOptions options, Func<ServeReload?>? reread = null,
    Func<IReadOnlyList<ShownSetting>>? readSettings = null)
{
    /// <summary>Specifies how often signals and time are checked.</summary>
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    /// <summary>Specifies what printing may take at the end, however late it is.</summary>
    static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(500);

    volatile bool isAborted;
    int outputsLeft;
    ServeControl? control;
    TlsIdentity? tls;
    SensorNotices? notices;
    bool isFinished;

    /// <summary>Runs it; returns the exit code.</summary>
    public int Run()
    {
        var rights = options.Daemon.User is { } user ? UserChange.Run(user, options.Read is null) : null;
        ServeOutputCheck.Run(options);
        using var signals = new ServeSignals();
        using var report = new ServeReport(options);
        report.WriteLines(rights is null ? [] : [rights]);
        using var remote = RemoteTiers.Open(options.Remote, options.Cluster, report.Warn);
        var models = TaskModels.Open(options.Tasks, options.Bundle, options.Model, remote);
        var tasks = TaskModels.FindPlans(models);
        var plan = tasks[0];
        var plans = ServedPlans.FromTasks(tasks, [.. models.Select(task => task.Main.Sensor.Key)]);
        var worker = options.Flows.ForWorkers(tasks, options.Workers);
        tasks.ToList().ForEach(one => WarmUp.Run(one));
        var dump = ServeDumpArguments.Compile(options.Dump, plan, plans);
        using var manager = ServiceManager.Open();
        var wait = new InterfaceWait(manager, report.Warn);
        if (!wait.Run(options.Interfaces, options.Daemon.Wait, () => signals.MustStop))
        {
            return signals.Stop == PosixSignal.SIGINT ? CommandRunner.Interrupted : CommandRunner.Succeeded;
        }

        using var input = ServeInput.Open(options);
        foreach (var line in input.Skipped.Describe())
        {
            report.WriteLine(line);
        }

        var records = new SinkOptions
        {
            CommunityIdSeed = options.Sinks.CommunityIdSeed,
            NFStreamNames = options.Sinks.NFStreamNames,
            HasSafeCells = options.Sinks.HasSafeCells,
            Interfaces = options.Interfaces,
            Plans = plans,
        };
        var sinks = ServeSinks.Open(options.Sinks, options.Json, IsLossless, plan, records, OnGivenUp, report.Warn);
        outputsLeft = sinks.Count;
        var disagreements = ServeSinks.OpenDisagreements(options.Trials.Disagreements, options.Sinks, plan, records);
        var limits = new SensorOptions
        {
            Worker = worker,
            PacketLimit = options.PacketLimit,
            Dump = dump,
            Plans = plans,
            StopTimeout = options.StopTimeout,
            LowLatency = options.LowLatency,
            Tap = options.Http.Addresses.Count > 0 ? new() : null,
        };
        report.WriteLines(ServeSinks.Describe(sinks, options.Sinks), LogLevel.Warning);

        using var sensor = new Sensor(tasks, limits, input.Sources, [.. sinks, .. disagreements], report.Warn);
        var statistics = new ServeStatistics(sensor, input);
        foreach (var difference in options.Flows.Differences(plan))
        {
            report.Warn(difference);
        }

        foreach (var (number, task) in models.Index())
        {
            task.Attach(sensor, report.WriteLine, report.Warn,
                next => CheckPlan(next, [.. tasks.Select((one, i) => i == number ? next : one)], worker));
        }

        control = new(models, sensor, input, statistics, limits.Tap, records, report.Complain, report.Use,
            readSettings ?? (() => []), limits.Tap is not null || remote is not null);
        control.Sample();
        using var service = ServeHttpArguments.Start(options.Http, control);
        using var fleet = ServeFleet.Join(remote, models, control.ReadFigures, report.WriteLine, report.Warn);
        control.Fleet = fleet;
        tls = service?.Tls;
        report.WriteLines(tls?.FindProblem(DateTimeOffset.UtcNow) is { } problem ? [problem] : [], LogLevel.Warning);
        models.ToList().ForEach(task => task.Begin(options.Trials));

        sensor.Start();
        report.WriteLines(input.Links.Begin());
        foreach (var one in tasks.Where(one => one.Drift is null))
        {
            report.WriteLine($"{(tasks.Count > 1 ? $"{one.Task}: " : "")}drift is not watched: the bundle does not say "
                + "what the traffic of training looked like (it is old, or its captures are few); train it again, on 8 "
                + "captures or more");
        }

        report.WriteLines(service?.Describe() ?? []);
        report.WriteLines(remote is null ? [] : [$"remote tier {remote.Tier}: {remote.Describe()}"]);
        control.Begin();
        notices = CreateNotices(manager, sensor, input, report);
        notices.Ready();
        Watch(sensor, signals, statistics, input, report, new(options, plan, plans, sinks), models);
        var account = sensor.Complete(options.StopTimeout);
        statistics.Refresh();
        report.FileStatistics(statistics);
        return Finish(new(plans, account, sensor.Statistics, input, statistics.Elapsed) { Remote = remote },
            sensor.Statistics, input, signals, report);
    }

    /// <summary>Says what is to be known of a plan that is to answer; throws where it does not fit.</summary>
    /// <param name="tasks">The plans of all tasks then.</param>
    List<string> CheckPlan(CascadePlan plan, IReadOnlyList<CascadePlan> tasks, WorkerOptions worker)
    {
        if (options.Flows.ForWorkers(tasks, options.Workers).MaxUndecided < worker.MaxUndecided)
        {
            throw new InputException($"{plan.Name} {plan.Version}: keeps more packets of each undecided flow than "
                + "--memory has room for: restart the sensor with it");
        }

        var missing = options.Sinks.Outputs.SelectMany(output => output.Labels.Where(label =>
            label != Classification.UnknownLabel && !plan.Labels.Contains(label))
            .Select(label => $"{output.Format} {output.Path}: chooses label '{label}', which {plan.Name} "
                + $"{plan.Version} does not have"));
        return [.. missing, .. options.Flows.Differences(plan)];
    }

    /// <summary>A replay may wait for its file or a pipe; on a link a worker that does not move is stuck.</summary>
    static SensorNotices CreateNotices(ServiceManager manager, Sensor sensor, ServeInput input,
        ServeReport report)
    {
        var statistics = new ServeStatistics(sensor, input);
        return new(manager, () => input.IsLive ? sensor.ReadProgress() : [], () =>
        {
            statistics.Refresh();
            return statistics.Line();
        }, report.Warn);
    }

    /// <summary>Captures at full speed wait for their records; links and replays in time do not.</summary>
    bool IsLossless => options.Read is not null && double.IsInfinity(options.Speed);

    /// <summary>Gives up one output of several; where nothing may be lost, or none is left, all ends.</summary>
    void OnGivenUp(Exception error)
    {
        if (Interlocked.Decrement(ref outputsLeft) == 0 || IsLossless)
        {
            isAborted = true;
        }
    }

    void Watch(Sensor sensor, ServeSignals signals, ServeStatistics statistics, ServeInput input, ServeReport report,
        ServeChanges changes, IReadOnlyList<ServeModels> models)
    {
        var shown = Cadence.After(options.StatisticsInterval);
        while (!sensor.WaitForRecords(Step))
        {
            control!.Sample();
            notices!.Step();
            report.WriteLines(input.Links.Changes());
            report.WriteLines(input.Links.Problems(), LogLevel.Warning);
            isFinished = statistics.Elapsed >= options.Duration;
            if (signals.MustStop || isAborted || isFinished || control!.MustStop)
            {
                control!.End();
                notices!.Stopping();
                sensor.Stop();
                input.Stop();
            }

            models[0].Judge();
            if (signals.TakeHangUp() || control!.HasReloads)
            {
                notices!.Reloading();
                sensor.ReopenSinks();
                report.Reopen();
                var (hasFailed, certificate) = ReloadTls();
                IReadOnlyList<string> said =
                    [.. changes.Reload(reread), .. models.SelectMany(task => task.Reload()), .. certificate];
                hasFailed |= changes.HasFailed;
                report.WriteLines(said, hasFailed ? LogLevel.Error : LogLevel.Info);
                report.Use(changes.LogLevel);
                control!.CompleteReloads(!hasFailed, said);
                notices.Ready();
                shown.Restart(statistics.Elapsed, changes.StatisticsInterval);
            }

            if (changes.StatisticsInterval > TimeSpan.Zero && shown.IsDue(statistics.Elapsed))
            {
                shown.Step(statistics.Elapsed, changes.StatisticsInterval);
                statistics.Refresh();
                report.ShowStatistics(statistics);
            }
        }
    }

    /// <summary>Reads the certificates of HTTP again, which are renewed while a sensor runs. One that is not valid now
    /// counts as a failure, though it is shown.</summary>
    (bool HasFailed, IEnumerable<string> Said) ReloadTls()
    {
        try
        {
            if (tls is null)
            {
                return (false, []);
            }

            var read = tls.Reload();
            return tls.FindProblem(DateTimeOffset.UtcNow) is { } problem ? (true, [problem]) : (false, [read]);
        }
        catch (InputException e)
        {
            return (true, [$"{e.Message}: the earlier certificate is shown on"]);
        }
    }

    int Finish(ServeSummary summary, SensorStatistics statistics, ServeInput input, ServeSignals signals,
        ServeReport report)
    {
        report.WriteLines(input.Links.Changes());
        report.WriteLines(input.Outcomes.Where(outcome => outcome.Problem is not null)
            .Select(outcome => outcome.Problem!), LogLevel.Warning);

        report.WriteSummary(summary.Text());
        var isStuck = options.Json && !TryPrint(DocumentJson.Format(summary.ToDocument()), signals);
        if (isStuck)
        {
            report.Complain("standard output: its reader takes nothing: the object of --json is not there");
        }

        var isUnreadable = input.Outcomes.Count > 0 && !input.Outcomes.Any(outcome => outcome.IsReadable);
        if (HasEnded(input, signals, statistics))
        {
            report.Complain($"{string.Join(", ", options.Interfaces)}: gone; nothing more can be captured");
            return CommandRunner.Failed;
        }

        var losses = ServeLosses.Lines(statistics).ToList();
        losses.ForEach(report.Complain);
        return isAborted || isUnreadable || isStuck || losses.Count > 0 ? CommandRunner.Failed
            : signals.Stop == PosixSignal.SIGINT ? CommandRunner.Interrupted
            : CommandRunner.Succeeded;
    }

    /// <summary>
    /// Prints on standard output, whose reader may be stuck: after a signal it has until the end of the stop timeout.
    /// </summary>
    bool TryPrint(string text, ServeSignals signals)
    {
        var writing = Task.Run(() => Console.WriteLine(text));
        while (!writing.Wait(LastMoment))
        {
            if (signals.SinceStop >= options.StopTimeout)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Determines whether a link ended by itself, which links do only when they are taken away.</summary>
    bool HasEnded(ServeInput input, ServeSignals signals, SensorStatistics statistics) => input.IsLive
        && !signals.MustStop && !control!.MustStop && !isAborted && !isFinished
        && statistics.Received < options.PacketLimit;
}
