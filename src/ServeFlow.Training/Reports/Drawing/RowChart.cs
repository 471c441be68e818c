using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Reports.Drawing;

/// <summary>Represents a named row for each thing, with a bar or a mark for each series over one axis.</summary>
sealed record RowChart
{
    const double RowHeight = 24;

    /// <summary>Specifies the height of the axis' labels and its title, in pixels.</summary>
    const double Foot = 46;

    /// <summary>Leaves room for the longest name; longer ones are cut short.</summary>
    const double MaxMargin = 220;

    /// <summary>Gets what the chart is, in a few words.</summary>
    public required string Label { get; init; }

    /// <summary>Gets what the chart says, for those who cannot see it.</summary>
    public required string Description { get; init; }

    public required Axis X { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Drawn in this order; each has a value for each name.</summary>
    public required IReadOnlyList<RowSeries> Series { get; init; }

    public string Draw()
    {
        var legend = new Legend(Series.Select(s => new Series(s.Name, [], s.Look)), Plot.Full);
        string[] names = [.. Names.Select(n => TextWidth.Fit(n, TextLook.Ink.Size, MaxMargin))];
        var left = names.Max(n => TextLook.Ink.Width(n)) + 10;
        var area = new Box(left, legend.Height, Plot.Full - left - 30, names.Length * RowHeight);
        var canvas = new Canvas(Plot.Full, area.Bottom + Foot, Label, Description);
        legend.Draw(canvas);
        DrawAxis(canvas, area);
        for (var row = 0; row < names.Length; row++)
        {
            var middle = area.Top + ((row + 0.5) * RowHeight);
            canvas.Text(area.Left - 8, middle, names[row], TextLook.Ink, TextAnchor.End);
            foreach (var series in Series)
            {
                DrawValue(canvas, area, series, row, middle);
            }
        }

        return canvas.ToString();
    }

    void DrawAxis(Canvas canvas, Box area)
    {
        foreach (var tick in X.Ticks(area.Width, TextLook.Plain.Width))
        {
            var at = PixelX(area, tick.Value);
            canvas.Line(at, area.Top, at, area.Bottom, tick.Value == 0 ? "axis" : "grid");
            canvas.Text(at, area.Bottom + 14, tick.Text, TextLook.Plain, TextAnchor.Middle,
                Canvas.Data("x", tick.Value));
        }

        canvas.Text(area.CentreX, area.Bottom + 36, X.Title, TextLook.Ink, TextAnchor.Middle);
    }

    void DrawValue(Canvas canvas, Box area, RowSeries series, int row, double middle)
    {
        var (value, tip) = (series.Values[row], $"{Names[row]}, {series.Name}: {series.Shown(row)}");
        var (at, data) = (PixelX(area, value), Canvas.Data("series", series.Name) + Canvas.Data("value", value));
        if (series.Look.Mark != Mark.None)
        {
            canvas.Mark(series.Look.Mark, at, middle, series.Look.Radius, Lines.MarkStyle(series.Look), tip, data);
            return;
        }

        var zero = PixelX(area, 0);
        canvas.Rect(new(Math.Min(zero, at), middle - 7, Math.Abs(at - zero), 14), $"band f{series.Look.Colour}", tip,
            corner: 1.5, data: data);
        if (row < series.ErrorBars.Count)
        {
            canvas.Line(PixelX(area, value - series.ErrorBars[row]), middle,
                PixelX(area, value + series.ErrorBars[row]),
                middle,
                $"line s{series.Look.Colour} w1");
        }
    }

    double PixelX(Box area, double value) => area.Left + (X.Position(value) * area.Width);
}

/// <summary>Represents values of a <see cref="RowChart"/>, one for each of its rows.</summary>
/// <param name="Look">A bar where it has no mark.</param>
/// <param name="Digits">The digits of a value as the reader sees it.</param>
sealed record RowSeries(string Name, IReadOnlyList<double> Values, SeriesLook Look, int Digits = 4)
{
    /// <summary>Gets half the length of the whisker on each bar; empty where there is none.</summary>
    public IReadOnlyList<double> ErrorBars { get; init; } = [];

    public string Shown(int row) => NumberText.Fixed(Values[row], Digits)
        + (row < ErrorBars.Count ? $" ± {NumberText.Fixed(ErrorBars[row], Digits)}" : "");
}
