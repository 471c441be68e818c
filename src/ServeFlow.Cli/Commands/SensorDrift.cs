using System.Text.Json.Serialization;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Drift;
using ServeFlow.Service;
using ServeFlow.Telemetry;

namespace ServeFlow.Cli.Commands;

/// <summary>Tells how the traffic compares with that of training, in statistics and as metrics.</summary>
/// <param name="Active">Whether there is a drift now.</param>
/// <param name="Level">The score of the latest window, as a multiple of the one that raises an alarm.</param>
/// <param name="Alarms">Drifts that began.</param>
/// <param name="Windows">Windows that were compared.</param>
/// <param name="Flows">Flows in them.</param>
/// <param name="Unusual">The figures of the latest window that are unusual, those that are most first.</param>
sealed record SensorDrift(bool Active, double Level, long Alarms, long Windows, long Flows,
    IReadOnlyList<string> Unusual)
{
    /// <summary>Gets when the drift began, in UTC; left out where there is none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Since { get; init; }

    /// <summary>Describes a state; null where nothing is watched.</summary>
    public static SensorDrift? From(DriftState? state) => state is null ? null
        : new(state.SinceNs is not null, Math.Round(state.Level, 3), state.Alarms, state.Windows, state.Flows,
            [.. DriftText.FindUnusual(state).Select(DriftText.Format)])
        {
            Since = state.SinceNs is { } since
                ? DateTime.UnixEpoch.AddTicks(since / 100).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ")
                : null,
        };

    /// <summary>Describes the state that is the most unusual, of several tasks.</summary>
    public static SensorDrift? Loudest(IReadOnlyList<DriftState?> states) =>
        From(states.OfType<DriftState>().MaxBy(state => (state.SinceNs is not null, state.Level)));

    /// <summary>Describes the states of several tasks by their names; null where there is one, or none is watched.
    /// </summary>
    public static OrderedDictionary<string, SensorDrift>? ByTask(ServedPlans plans,
        IReadOnlyList<DriftState?> states) => plans.Tasks == 1 || states.All(state => state is null) ? null
        : new(Watched(plans, states).Select(one => KeyValuePair.Create(one.Task, From(one.State)!)));

    /// <summary>Formats what a line of statistics adds while there is a drift.</summary>
    public static string Line(ServedPlans plans, IReadOnlyList<DriftState?> states) => string.Concat(
        Watched(plans, states).Where(one => one.State.SinceNs is not null).Select(one =>
            $"; {(plans.Tasks > 1 ? $"{one.Task} " : "")}drift since "
            + DriftText.Time(one.State.SinceNs!.Value, DateTime.UtcNow)));

    /// <summary>Lists the metrics; none where nothing is watched.</summary>
    public static IEnumerable<MetricFamily> ReadMetrics(ServedPlans plans, IReadOnlyList<DriftState?> states)
    {
        var watched = Watched(plans, states).ToList();
        if (watched.Count == 0)
        {
            yield break;
        }

        yield return MetricFamily.Gauge("serveflow_drift_active",
            "1 while the traffic differs from that of training.", Points(state => state.SinceNs is null ? 0 : 1));
        yield return MetricFamily.Gauge("serveflow_drift_level",
            "How unusual the latest window is; above 1 it raises an alarm.", Points(state => state.Level));
        yield return MetricFamily.Gauge("serveflow_drift_score",
            "How unusual each kind of figure of the latest window is; above 0 lies one window in a hundred.",
            [.. watched.SelectMany(one => Enum.GetValues<DriftKind>().Select(kind => TaskLabels.Point(
                one.State.Readings.Where(reading => reading.Kind == kind).Select(reading => reading.Score)
                    .DefaultIfEmpty(0).Max(),
                TaskLabels.Create(plans, one.Task, KeyValuePair.Create("figure", SnakeCase.From(kind))))))]);
        yield return MetricFamily.Counter("serveflow_drift_alarms", "Drifts that began.",
            Points(state => state.Alarms));
        yield return MetricFamily.Counter("serveflow_drift_windows", "Windows that were compared with training.",
            Points(state => state.Windows));

        MetricPoint[] Points(Func<DriftState, double> read) => [.. watched.Select(one =>
            TaskLabels.Point(read(one.State), TaskLabels.Create(plans, one.Task)))];
    }

    static IEnumerable<(string Task, DriftState State)> Watched(ServedPlans plans,
        IReadOnlyList<DriftState?> states) => states.Select((state, task) => (plans[task].Task, state))
        .Where(one => one.state is not null).Select(one => (one.Task, one.state!));
}
