namespace ServeFlow.Training.Reports.Drawing;

/// <summary>Shape of a point: series differ by it and not by colour alone.</summary>
enum Mark
{
    None,
    Circle,
    Square,
    Diamond,
    Triangle,
    Cross,
    Star,

    /// <summary>Around another mark.</summary>
    Ring,
}

/// <summary>Provides the shapes as SVG paths.</summary>
static class Marks
{
    /// <param name="radius">Half of the shape's height; shapes of equal radius look equally large.</param>
    public static string Shape(Mark mark, double x, double y, double radius) => mark switch
    {
        Mark.Square => Polygon(x, y, radius * 1.2, 4, Math.PI / 4),
        Mark.Diamond => Polygon(x, y, radius * 1.25, 4, 0),
        Mark.Triangle => Polygon(x, y + (radius * 0.15), radius * 1.3, 3, 0),
        Mark.Cross => $"M{N(x - radius)} {N(y - radius)}L{N(x + radius)} {N(y + radius)}"
            + $"M{N(x - radius)} {N(y + radius)}L{N(x + radius)} {N(y - radius)}",
        Mark.Star => Star(x, y, radius * 1.6),
        _ => $"M{N(x - radius)} {N(y)}a{N(radius)} {N(radius)} 0 1 0 {N(2 * radius)} 0"
            + $"a{N(radius)} {N(radius)} 0 1 0 {N(-2 * radius)} 0Z",
    };

    static string Polygon(double x, double y, double radius, int corners, double turn) =>
        Join(Enumerable.Range(0, corners).Select(c => Corner(x, y, radius, turn + (2 * Math.PI * c / corners))));

    static string Star(double x, double y, double radius) => Join(Enumerable.Range(0, 10)
        .Select(c => Corner(x, y, c % 2 == 0 ? radius : radius * 0.45, Math.PI * c / 5)));

    static (double X, double Y) Corner(double x, double y, double radius, double angle) =>
        (x + (radius * Math.Sin(angle)), y - (radius * Math.Cos(angle)));

    static string Join(IEnumerable<(double X, double Y)> corners) =>
        $"M{string.Join('L', corners.Select(c => $"{N(c.X)} {N(c.Y)}"))}Z";

    static string N(double value) => Canvas.N(value);
}
