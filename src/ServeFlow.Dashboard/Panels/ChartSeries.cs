using ServeFlow.Service.Live;

namespace ServeFlow.Dashboard.Panels;

/// <summary>Represents a value at a time, as a chart draws it.</summary>
/// <param name="Time">The end of the stretch of time that it is of, in seconds since the Unix epoch.</param>
/// <param name="Value">The mean over that time; null where nothing was measured.</param>
public sealed record ChartPoint(double Time, double? Value);

/// <summary>Represents one line or area of a chart.</summary>
/// <param name="Colour">The number of one of the page's colours, from 1 to 8.</param>
public sealed record ChartSeries(string Name, int Colour, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>Limits the points of a chart: more would be sent, and a screen would not show them.</summary>
    const int MaxPoints = 100;

    /// <summary>Computes the means of fixed stretches of time, so that what was drawn once does not change.</summary>
    public static ChartSeries From(string name, int colour, HistoryDocument history, IReadOnlyList<double?> values)
    {
        var width = history.Step * Math.Ceiling(ChartLayout.SecondsShown(history.Step) / history.Step / MaxPoints);
        return new(name, colour, [.. history.Times.Zip(values)
            .GroupBy(step => Math.Floor((step.First - (history.Step / 2.0)) / width))
            .Select(group => new ChartPoint((group.Key + 1) * width, group.Average(step => step.Second)))]);
    }

    /// <summary>Computes the means of values that are always known.</summary>
    public static ChartSeries From(string name, int colour, HistoryDocument history, IReadOnlyList<double> values) =>
        From(name, colour, history, [.. values.Select(value => (double?)value)]);
}
