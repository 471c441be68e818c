namespace ServeFlow.Training.Reports.Drawing;

/// <summary>
/// Finds room for the labels of points: beside, above or below, further away with a line where it is crowded, and not
/// at all where there is none, for a label that covers another tells nobody anything.
/// </summary>
sealed class LabelPlacer
{
    /// <summary>Specifies the distance between a point and its label, in pixels.</summary>
    const double Near = 12;

    /// <summary>Specifies the distance, in pixels, beyond which a line joins the two.</summary>
    const double Joined = 18;

    static readonly (double X, double Y)[] Directions =
        [(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1)];

    static readonly double[] Distances = [Near, 18, 30, 44, 60, 80];

    readonly Canvas canvas;
    readonly Box area;
    readonly List<Box> taken;

    /// <param name="area">Where labels may stand.</param>
    /// <param name="obstacles">What they must not cover.</param>
    public LabelPlacer(Canvas canvas, Box area, IEnumerable<Box> obstacles) =>
        (this.canvas, this.area, taken) = (canvas, area, [.. obstacles]);

    /// <returns>True if there was room for the label.</returns>
    public bool Place(double x, double y, string text, TextLook look)
    {
        var size = (Width: look.Width(text), look.Height);
        foreach (var distance in Distances)
        {
            foreach (var direction in Directions)
            {
                var box = Beside(x, y, direction, distance, size);
                if (area.Contains(box) && !taken.Exists(box.Overlaps))
                {
                    Draw(x, y, box, text, look, distance);
                    return true;
                }
            }
        }

        return false;
    }

    static Box Beside(double x, double y, (double X, double Y) direction, double distance,
        (double Width, double Height) size)
    {
        var slant = direction is { X: not 0, Y: not 0 } ? 0.75 : 1;
        var (atX, atY) = (x + (direction.X * distance * slant), y + (direction.Y * distance * slant));
        var left = atX - ((1 - direction.X) / 2 * size.Width);
        var top = atY - ((1 - direction.Y) / 2 * size.Height);
        return new(left, top, size.Width, size.Height);
    }

    void Draw(double x, double y, Box box, string text, TextLook look, double distance)
    {
        taken.Add(box);
        if (distance > Joined)
        {
            canvas.Line(x, y, Math.Clamp(x, box.Left, box.Right), Math.Clamp(y, box.Top, box.Bottom), "leader");
        }

        canvas.Text(box.Left, box.CentreY, text, look);
    }
}
