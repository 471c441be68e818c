using System.Text;

namespace ServeFlow.Dashboard.Panels;

/// <summary>
/// Places series in a plot of a fixed size, which the page stretches to the room there is. The newest time is at the
/// right edge, and the time shown always has the same length.
/// </summary>
sealed class ChartLayout
{
    public const double Width = 1000;
    public const double Height = 100;

    /// <summary>Ticks of the axis that shows values, at most, 0 left out.</summary>
    const int MaxTicks = 4;

    /// <summary>Specifies the number of parts of the axis that shows times.</summary>
    const int TimeParts = 4;

    readonly double end;
    readonly double seconds;

    ChartLayout(IReadOnlyList<ChartSeries> series, bool isStacked, int step)
    {
        seconds = SecondsShown(step);
        end = series.SelectMany(one => one.Points).Select(point => point.Time).DefaultIfEmpty(0).Max();
        var tops = isStacked ? Stack(series) : Read(series);
        Ticks = FindTicks(tops.SelectMany(top => top).Max() ?? 0);
        Shapes = isStacked
            ? [.. series.Select((one, i) => new ChartShape(one, Area(one, i == 0 ? null : tops[i - 1], tops[i])))]
            : [.. series.Select(one => new ChartShape(one, Line(one)))];
        Times = [.. Enumerable.Range(0, TimeParts + 1)
            .Select(part => DateTime.UnixEpoch.AddSeconds(end - (seconds * (TimeParts - part) / TimeParts)))];
    }

    /// <summary>Gets the values of the ticks: 0, and equal steps from there to the top of the plot.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Gets times at equal steps, from the left edge to the right one.</summary>
    public IReadOnlyList<DateTime> Times { get; }

    public IReadOnlyList<ChartShape> Shapes { get; }

    /// <summary>Places series; gives null where there is nothing to draw yet.</summary>
    /// <param name="step">Seconds from one sample of the history to the next.</param>
    public static ChartLayout? Create(IReadOnlyList<ChartSeries> series, bool isStacked, int step) =>
        series.Any(one => one.Points.Any(point => point.Value is not null)) ? new(series, isStacked, step) : null;

    /// <summary>Gets the length of the time shown: five minutes by seconds, an hour by minutes.</summary>
    public static double SecondsShown(int step) => step < 60 ? 300 : 3600;

    /// <summary>Finds steps of 1, 2, 2.5 or 5 by a power of ten.</summary>
    internal static IReadOnlyList<double> FindTicks(double most)
    {
        if (most <= 0)
        {
            return [0, 1];
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(most / MaxTicks)));
        var step = new[] { 1, 2, 2.5, 5, 10 }.Select(factor => factor * power)
            .First(step => step * MaxTicks >= most * 0.9999);
        return [.. Enumerable.Range(0, (int)Math.Ceiling(most / step * 0.9999) + 1).Select(tick => tick * step)];
    }

    /// <summary>Computes the upper edge of each area: the sum of the series up to it.</summary>
    static IReadOnlyList<double?>[] Stack(IReadOnlyList<ChartSeries> series)
    {
        var sums = new double[series.Max(one => one.Points.Count)];
        return [.. series.Select(one =>
            (IReadOnlyList<double?>)[.. one.Points.Select((point, i) => (double?)(sums[i] += point.Value ?? 0))])];
    }

    static IReadOnlyList<double?>[] Read(IReadOnlyList<ChartSeries> series) =>
        [.. series.Select(one => (IReadOnlyList<double?>)[.. one.Points.Select(point => point.Value)])];

    /// <summary>Draws a line, with a gap where nothing was measured.</summary>
    string Line(ChartSeries series)
    {
        var path = new StringBuilder();
        var isOpen = false;
        foreach (var point in series.Points)
        {
            if (point.Value is { } value)
            {
                path.Append(isOpen ? 'L' : 'M').Append(Place(point.Time, value)).Append(isOpen ? "" : "h0");
            }

            isOpen = point.Value is not null;
        }

        return path.ToString();
    }

    string Area(ChartSeries series, IReadOnlyList<double?>? below, IReadOnlyList<double?> above)
    {
        var there = series.Points.Select((point, i) => Place(point.Time, above[i] ?? 0));
        var back = series.Points.Select((point, i) => Place(point.Time, below?[i] ?? 0)).Reverse();
        return $"M{string.Join('L', there.Concat(back))}Z";
    }

    string Place(double time, double value) => FormattableString.Invariant(
        $"{Width * (1 - ((end - time) / seconds)):0.#},{Height * (1 - (value / Ticks[^1])):0.##}");
}

/// <summary>Represents a series as the path of an SVG.</summary>
sealed record ChartShape(ChartSeries Series, string Path);
