using System.Collections.Concurrent;
using ServeFlow.Cascade;
using ServeFlow.Cli.Commands.Logs;
using ServeFlow.Cli.Commands.Serving.Models;
using ServeFlow.Cluster.Fleets.Messages;
using ServeFlow.Service;
using ServeFlow.Service.Fleets;
using ServeFlow.Service.Live;
using ServeFlow.Serving.Sensors;
using ServeFlow.Sinks;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>
/// A running sensor as HTTP sees it. What is asked for is done by the thread that watches over the sensor, which looks
/// here several times a second.
/// </summary>
/// <param name="tasks">The models of each task; of the one that there is in most cases.</param>
/// <param name="tap">Where records are followed; null where nobody can ask.</param>
/// <param name="records">How they are written.</param>
/// <param name="report">Writes an error to the log.</param>
/// <param name="setLogLevel">Has messages of a level and above written from then on.</param>
/// <param name="readSettings">Reads the settings that hold.</param>
/// <param name="keepsHistory">Whether anybody may ask for what was counted over the last hour.</param>
sealed class ServeControl(IReadOnlyList<ServeModels> tasks, Sensor sensor, ServeInput input, ServeStatistics statistics,
    RecordTap? tap, SinkOptions records, Action<string> report, Action<LogLevel> setLogLevel,
    Func<IReadOnlyList<ShownSetting>> readSettings, bool keepsHistory) : IRunningSensor
{
    readonly ConcurrentQueue<TaskCompletionSource<ReloadResult>> reloads = [];
    readonly DateTime started = DateTime.UtcNow;

    volatile bool hasBegun;
    volatile bool mustStop;

    /// <summary>Gets whether a caller wants the sensor to end.</summary>
    public bool MustStop => mustStop;

    /// <summary>Gets whether a caller wants the configuration read again.</summary>
    public bool HasReloads => !reloads.IsEmpty;

    public string? Unready => !hasBegun ? "the sensor takes no packets: it starts, or it ends"
        : input.IsLive && input.Links.States().All(link => !link.IsUp)
            ? $"no interface carries packets: {string.Join(", ", input.Links.Impaired())}"
            : null;

    public IModelControl Models { get; } = tasks is [var only] ? only : new TaskModels(tasks);

    /// <summary>Gets or sets the fleet that the sensor belongs to; null for none.</summary>
    public IFleetControl? Fleet { get; set; }

    IEnumerable<CascadePlan> Plans => tasks.Select(task => task.Main.Bundle.Plan);

    /// <summary>Packets are taken.</summary>
    public void Begin() => hasBegun = true;

    /// <summary>No more packets are taken.</summary>
    public void End() => hasBegun = false;

    /// <summary>Answers every caller that waits for the configuration to be read again.</summary>
    public void CompleteReloads(bool applied, IReadOnlyList<string> messages)
    {
        string[] said = messages.Count > 0 ? [.. messages] : ["there is no configuration; outputs were reopened"];
        while (reloads.TryDequeue(out var caller))
        {
            caller.TrySetResult(new(applied, said));
        }
    }

    public IReadOnlyList<MetricFamily> ReadMetrics() =>
        SensorMetrics.Read(sensor, input, tasks);

    public IReadOnlyList<HistogramFamily> ReadHistograms() =>
        SensorMetrics.ReadHistograms(sensor.Plans, sensor.SumAccounts());

    public object DescribeStatus() => new
    {
        Ready = Unready is null,
        Reason = Unready,
        Started = started.ToString("yyyy-MM-ddTHH:mm:ssZ"),
        Seconds = Math.Round(statistics.Elapsed.TotalSeconds, 1),
        Model = string.Join(", ", Plans.Select(plan => plan.Name)),
        ModelVersion = string.Join(", ", Plans.Select(plan => plan.Version)),
        Interfaces = input.Links.States().Select(link => new { link.Name, Up = link.IsUp }),
        Readers = tap?.Readers ?? 0,
        Drift = SensorDrift.Loudest(sensor.Statistics.Drifts),
        Remote = RemoteCounts.Describe(tasks[0].Remote),
        Fleet = Fleet?.Standing,
        Process = Environment.ProcessId,
    };

    public object DescribeStatistics() => SensorDocument.From(sensor.Plans, sensor.Statistics, input) with
    {
        Remote = RemoteCounts.Count(sensor.Plans.Counted, sensor.SumAccounts().Remote, tasks[0].Remote),
    };

    public object DescribeModels() => Models.Describe();

    public SensorHistory History { get; } = new(sensor.Plans);

    /// <summary>Adds what the sensor has counted to the history, once a second.</summary>
    public void Sample()
    {
        var elapsed = statistics.Elapsed;
        if (keepsHistory && History.IsDue(elapsed))
        {
            var counters = input.SumCounters();
            var counts = sensor.Statistics;
            History.Add(new(DateTime.UtcNow, elapsed, counts.Received,
                counters.DroppedByKernel + counters.DroppedByInterface,
                counts.Sinks.Sum(sink => sink.Lost + sink.Failed), sensor.SumAccounts()));
        }
    }

    /// <summary>Reads what a fleet is told.</summary>
    public SensorFigures ReadFigures()
    {
        var (counts, counters, now) = (sensor.Statistics, input.SumCounters(), TopDocument.From(History));
        var (comparison, drift) = (sensor.SumComparisons(), SensorDrift.Loudest(sensor.Statistics.Drifts));
        return new()
        {
            Packets = counts.Received,
            Flows = counts.Created,
            Active = counts.Active,
            Undecided = counts.Undecided,
            Answers = counts.DecisionsByTier.Sum(),
            Overload = counts.Overload,
            Dropped = counters.DroppedByKernel + counters.DroppedByInterface,
            Lost = counts.Sinks.Sum(sink => sink.Lost + sink.Failed),
            PacketsPerSecond = now.PacketsPerSecond,
            FlowsPerSecond = now.FlowsPerSecond,
            AnswersPerSecond = now.AnswersPerSecond,
            Unready = Unready,
            Models = [.. tasks.SelectMany(task => task.InUse.Versions)],
            Compared = comparison?.Compared ?? 0,
            Agreed = comparison?.Agreed ?? 0,
            DriftLevel = drift?.Level,
            IsDrifting = drift is { Active: true },
            DriftAlarms = drift?.Alarms ?? 0,
            Unusual = drift?.Unusual ?? [],
        };
    }

    public LiveRecords Follow(string? filter) => LiveRecords.Follow(tap!, filter, sensor.Plans[0], records);

    public IReadOnlyList<ShownSetting> ReadSettings() => readSettings();

    public bool TrySetLogLevel(string level)
    {
        if (!MessageLog.TryParse(level, out var parsed))
        {
            return false;
        }

        setLogLevel(parsed);
        return true;
    }

    public void Report(string message) => report(message);

    public void Stop() => mustStop = true;

    public Task<ReloadResult> ReloadAsync(CancellationToken cancel)
    {
        var caller = new TaskCompletionSource<ReloadResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        reloads.Enqueue(caller);
        return caller.Task;
    }
}
