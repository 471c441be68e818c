using System.Text.Json.Serialization;
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

    /// <summary>Formats what a line of statistics adds while there is a drift.</summary>
    public static string Line(DriftState? state) => state is { SinceNs: { } since }
        ? $"; drift since {DriftText.Time(since, DateTime.UtcNow)}"
        : "";

    /// <summary>Lists the metrics; none where nothing is watched.</summary>
    public static IEnumerable<MetricFamily> ReadMetrics(DriftState? state)
    {
        if (state is null)
        {
            yield break;
        }

        yield return MetricFamily.Gauge("serveflow_drift_active",
            "1 while the traffic differs from that of training.", new MetricPoint(state.SinceNs is null ? 0 : 1));
        yield return MetricFamily.Gauge("serveflow_drift_level",
            "How unusual the latest window is; above 1 it raises an alarm.", new MetricPoint(state.Level));
        yield return MetricFamily.Gauge("serveflow_drift_score",
            "How unusual each kind of figure of the latest window is; above 0 lies one window in a hundred.",
            [.. Enum.GetValues<DriftKind>().Select(kind => MetricPoint.From("figure", SnakeCase.From(kind),
                state.Readings.Where(reading => reading.Kind == kind).Select(reading => reading.Score)
                    .DefaultIfEmpty(0).Max()))]);
        yield return MetricFamily.Counter("serveflow_drift_alarms", "Drifts that began.",
            new MetricPoint(state.Alarms));
        yield return MetricFamily.Counter("serveflow_drift_windows", "Windows that were compared with training.",
            new MetricPoint(state.Windows));
    }
}
