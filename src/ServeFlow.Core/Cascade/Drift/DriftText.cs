using System.Globalization;

namespace ServeFlow.Cascade.Drift;

/// <summary>Words drifts: a line for people.</summary>
public static class DriftText
{
    /// <summary>Limits the figures that a line names.</summary>
    const int MaxFigures = 3;

    /// <summary>Formats a line such as <c>drift: class dns, confidence 0.31 (0.94 in training) since 14:00</c>.
    /// </summary>
    /// <param name="utc">The time of now; times of another day are shown with their date.</param>
    public static string Format(DriftChange change, DateTime utc) => change.IsBegin
        ? $"drift: {Figures(change.State)} since {Time(change.SinceNs, utc)}"
        : $"drift: over since {Time(change.State.LastNs, utc)}, it began {Time(change.SinceNs, utc)}";

    /// <summary>Gets the figures of a window that are unusual, those to name first.</summary>
    public static IReadOnlyList<DriftReading> FindUnusual(DriftState state) =>
        [.. state.Readings.Where(reading => reading.Score > 0).OrderByDescending(reading => reading.Score)];

    /// <summary>Formats a figure of a window beside that of training.</summary>
    public static string Format(DriftReading reading) => reading.Kind switch
    {
        DriftKind.Confidence => $"confidence {Number(reading.Value)} ({Number(reading.Usual)} in training)",
        DriftKind.Mix => $"mix of classes, stability index {Number(reading.Value)} (0 in training)",
        DriftKind.Share => $"class {Quote(reading.Name!)}, {Percent(reading.Value)} of the flows "
            + $"({Percent(reading.Usual)} in training)",
        DriftKind.Unknown => $"unknown, {Percent(reading.Value)} of the flows ({Percent(reading.Usual)} in training)",
        DriftKind.Escalated => $"tier {reading.Name}, {Percent(reading.Value)} of the flows passed on "
            + $"({Percent(reading.Usual)} in training)",
        DriftKind.Class => $"class {Quote(reading.Name!)}, confidence {Number(reading.Value)} "
            + $"({Number(reading.Usual)} in training)",
        _ => $"feature {reading.Name}, {Percent(reading.Value)} of the flows ({Percent(reading.Usual)} in training)",
    };

    /// <summary>Formats a packet time, in UTC.</summary>
    public static string Time(long ns, DateTime utc)
    {
        var time = DateTime.UnixEpoch.AddTicks(ns / 100);
        return time.ToString(time.Date == utc.Date ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    static string Figures(DriftState state) => string.Join("; ", FindUnusual(state).Take(MaxFigures).Select(Format));

    static string Quote(string name) => InputException.Quote(name);

    static string Number(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    static string Percent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture) + " %";
}
