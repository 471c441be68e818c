using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Reports.Drawing;

/// <summary>Series over two axes, with a legend above and labels at single points.</summary>
sealed record Plot
{
    /// <summary>Gets what the plot is, in a few words.</summary>
    public required string Label { get; init; }

    /// <summary>Gets what the plot says, for those who cannot see it.</summary>
    public required string Description { get; init; }

    public required Axis X { get; init; }

    public required Axis Y { get; init; }

    public required IReadOnlyList<Series> Series { get; init; }

    /// <summary>Gets the points with a name; the first have the first choice of room.</summary>
    public IReadOnlyList<PlotLabel> Labels { get; init; } = [];

    /// <summary>Gets the values of x to mark with an upright line.</summary>
    public IReadOnlyList<PlotGuide> Guides { get; init; } = [];

    /// <summary>Behind everything: how much stands behind each part of x.</summary>
    public IReadOnlyList<PlotBar> Bars { get; init; } = [];

    /// <summary>Pixels; the page shows them one to one where there is room.</summary>
    public double Width { get; init; } = Full;

    public double Height { get; init; } = 380;

    /// <summary>Specifies the width of the page's column, in pixels.</summary>
    public const double Full = 860;

    /// <summary>Two beside each other.</summary>
    public const double Half = 420;

    public string Draw()
    {
        var canvas = new Canvas(Width, Height, Label, Description);
        var legend = new Legend(Series, Width);
        legend.Draw(canvas);
        var above = legend.Height + (Guides.Count == 0 ? 0 : TextLook.Label.Height);
        var frame = new PlotFrame(canvas, above, X, Y);
        frame.Draw();
        foreach (var bar in Bars)
        {
            var top = frame.Y(bar.Height);
            canvas.Rect(new(frame.X(bar.X) - 6, top, 12, frame.Area.Bottom - top), "bar",
                NumberText.Percent(bar.Height));
        }

        foreach (var guide in Guides)
        {
            canvas.Line(frame.X(guide.Value), frame.Area.Top, frame.X(guide.Value), frame.Area.Bottom, "guide");
            canvas.Text(frame.X(guide.Value), frame.Area.Top - 8, guide.Text, TextLook.Label, TextAnchor.Middle);
        }

        foreach (var series in Series)
        {
            Lines.Draw(canvas, frame, series);
        }

        DrawLabels(canvas, frame);
        return canvas.ToString();
    }

    void DrawLabels(Canvas canvas, PlotFrame frame)
    {
        var marks = Series.Where(s => s.Look.Mark != Mark.None)
            .SelectMany(s => s.Points.Select(p => Around(frame.X(p.X), frame.Y(p.Y), s.Look.Radius + 1)));
        var placer = new LabelPlacer(canvas, frame.Area, marks);
        foreach (var label in Labels)
        {
            placer.Place(frame.X(label.X), frame.Y(label.Y), label.Text,
                label.IsStrong ? TextLook.StrongLabel : TextLook.Label);
        }
    }

    static Box Around(double x, double y, double radius) => new(x - radius, y - radius, 2 * radius, 2 * radius);
}

/// <summary>Represents a name at a point.</summary>
readonly record struct PlotLabel(double X, double Y, string Text, bool IsStrong = false);

/// <summary>Represents a value of x that the reader looks for.</summary>
readonly record struct PlotGuide(double Value, string Text);

/// <summary>Represents a bar from the bottom up.</summary>
readonly record struct PlotBar(double X, double Height);
