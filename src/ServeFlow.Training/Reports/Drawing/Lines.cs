namespace ServeFlow.Training.Reports.Drawing;

/// <summary>Draws series into a frame.</summary>
static class Lines
{
    /// <summary>Names the classes of <c>PageStyle</c> for a line.</summary>
    public static string Style(SeriesLook look) => $"line s{look.Colour} {Dashes(look.Line)} "
        + $"w{(look.Width > 2 ? 2 : 1)}";

    /// <summary>A cross and a ring have no inside to fill.</summary>
    public static string MarkStyle(SeriesLook look) => look.Mark switch
    {
        Mark.Cross => $"line s{look.Colour} w1",
        Mark.Ring => $"ring s{look.Colour}",
        _ => $"mark f{look.Colour}",
    };

    public static void Draw(Canvas canvas, PlotFrame frame, Series series)
    {
        if (series.Look.Line != LineKind.None && series.Points.Count > 1)
        {
            var corners = series.Points.Select(p => $"{Canvas.N(frame.X(p.X))} {Canvas.N(frame.Y(p.Y))}");
            canvas.Path($"M{string.Join('L', corners)}", Style(series.Look), series.Name,
                Canvas.Data("series", series.Name));
        }

        foreach (var (number, point) in series.Points.Index().Where(_ => series.Look.Mark != Mark.None))
        {
            var tip = number < series.Tips.Count ? series.Tips[number] : series.Name;
            canvas.Mark(series.Look.Mark, frame.X(point.X), frame.Y(point.Y), series.Radius(number),
                MarkStyle(series.Look), tip,
                Canvas.Data("series", series.Name));
        }
    }

    static string Dashes(LineKind kind) => kind switch
    {
        LineKind.Dashed => "d1",
        LineKind.LongDashed => "d2",
        LineKind.DashDot => "d3",
        LineKind.Dotted => "d4",
        _ => "d0",
    };
}
