namespace ServeFlow.Training.Reports.Drawing;

/// <summary>Represents two axes, their grid, and where values lie between them.</summary>
sealed class PlotFrame
{
    /// <summary>Specifies the distance between the end of an axis and its labels, in pixels.</summary>
    const double Pad = 7;

    /// <summary>Specifies the height of the labels of the horizontal axis and of its title.</summary>
    const double Foot = 46;

    /// <summary>The last label of the horizontal axis may stand out by half its width.</summary>
    const double Edge = 26;

    readonly Canvas canvas;
    readonly Axis x;
    readonly Axis y;
    readonly IReadOnlyList<AxisTick> ticksX;
    readonly IReadOnlyList<AxisTick> ticksY;

    /// <param name="top">Where the frame begins, below a legend.</param>
    public PlotFrame(Canvas canvas, double top, Axis x, Axis y)
    {
        (this.canvas, this.x, this.y) = (canvas, x, y);
        var height = canvas.Height - top - Foot;
        ticksY = y.Ticks(height, _ => TextLook.Plain.Height);
        var left = TextLook.Ink.Height + (2 * Pad)
            + ticksY.Select(t => TextLook.Plain.Width(t.Text)).DefaultIfEmpty(0).Max();
        Area = new(left, top, canvas.Width - left - Edge, height);
        ticksX = x.Ticks(Area.Width, TextLook.Plain.Width);
    }

    /// <summary>Gets the area between the axes.</summary>
    public Box Area { get; }

    public double X(double value) => Area.Left + (x.Position(value) * Area.Width);

    public double Y(double value) => Area.Bottom - (y.Position(value) * Area.Height);

    public void Draw()
    {
        foreach (var tick in ticksY)
        {
            canvas.Line(Area.Left, Y(tick.Value), Area.Right, Y(tick.Value), "grid");
            canvas.Text(Area.Left - Pad, Y(tick.Value), tick.Text, TextLook.Plain, TextAnchor.End, Data("y", tick));
        }

        foreach (var tick in ticksX)
        {
            canvas.Line(X(tick.Value), Area.Top, X(tick.Value), Area.Bottom, "grid");
            canvas.Text(X(tick.Value), Area.Bottom + 14, tick.Text, TextLook.Plain, TextAnchor.Middle, Data("x", tick));
        }

        canvas.Line(Area.Left, Area.Bottom, Area.Right, Area.Bottom, "axis");
        canvas.Text(Area.CentreX, Area.Bottom + 36, x.Title, TextLook.Ink, TextAnchor.Middle);
        canvas.Upright(TextLook.Ink.Height / 2, Area.CentreY, y.Title, TextLook.Ink, TextAnchor.Middle);
    }

    static string Data(string axis, AxisTick tick) => Canvas.Data(axis, tick.Value);
}
