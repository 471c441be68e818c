namespace ServeFlow.Training.Reports.Drawing;

/// <summary>Explains the lines and marks of a plot, in as many rows as its width asks for.</summary>
sealed class Legend
{
    const double RowHeight = 19;

    /// <summary>Specifies the length of the piece of line before a name.</summary>
    const double Sample = 26;

    const double Gap = 22;

    readonly List<(Series Series, double X, int Row)> entries = [];

    /// <param name="width">The width of the drawing, in pixels.</param>
    public Legend(IEnumerable<Series> series, double width)
    {
        var (at, row) = (0.0, 0);
        foreach (var one in series)
        {
            var needed = Sample + 6 + TextLook.Ink.Width(one.Name);
            if (at > 0 && at + needed > width)
            {
                (at, row) = (0, row + 1);
            }

            entries.Add((one, at, row));
            at += needed + Gap;
        }

        Height = entries.Count == 0 ? 8 : ((row + 1) * RowHeight) + 10;
    }

    public double Height { get; }

    public void Draw(Canvas canvas)
    {
        foreach (var (series, x, row) in entries)
        {
            var y = (row * RowHeight) + (RowHeight / 2);
            var look = series.Look;
            if (look.Line != LineKind.None)
            {
                canvas.Line(x, y, x + Sample, y, Lines.Style(look));
            }

            if (look.Mark != Mark.None)
            {
                canvas.Mark(look.Mark, x + (Sample / 2), y, look.Radius, Lines.MarkStyle(look));
            }

            canvas.Text(x + Sample + 6, y, series.Name, TextLook.Ink);
        }
    }
}
