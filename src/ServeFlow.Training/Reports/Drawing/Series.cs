namespace ServeFlow.Training.Reports.Drawing;

/// <summary>Represents a line or a set of points of a plot.</summary>
/// <param name="Name">As the legend shows it.</param>
/// <param name="Points">The points, in order of x.</param>
/// <param name="Look">Colour, dashes, marks.</param>
sealed record Series(string Name, IReadOnlyList<(double X, double Y)> Points, SeriesLook Look)
{
    /// <summary>Gets the text of each point when pointed at; empty where points have none.</summary>
    public IReadOnlyList<string> Tips { get; init; } = [];

    /// <summary>
    /// Gets how much stands behind each point, from 0 to 1, which the area of its mark shows; empty where all marks are
    /// alike.
    /// </summary>
    public IReadOnlyList<double> Weights { get; init; } = [];

    /// <summary>Half the height of a point's mark.</summary>
    public double Radius(int point) => point < Weights.Count
        ? MinRadius + ((Look.Radius * 1.5 - MinRadius) * Math.Sqrt(Weights[point]))
        : Look.Radius;

    /// <summary>A smaller mark cannot be told from the line.</summary>
    const double MinRadius = 2;
}

/// <summary>Says how a series looks. No two of a plot differ in colour alone.</summary>
/// <param name="Colour">Number of the page's colour, 1–8.</param>
/// <param name="Line">Whether points are joined, and how.</param>
/// <param name="Mark">The mark at each point.</param>
/// <param name="Width">The width of the line, in pixels.</param>
sealed record SeriesLook(int Colour, LineKind Line = LineKind.Solid, Mark Mark = Mark.None, double Width = 2)
{
    /// <summary>Gets half the height of a mark.</summary>
    public double Radius { get; init; } = 4.5;

    public static readonly SeriesLook Cascade = new(1, Width: 2.6);

    public static readonly SeriesLook Fastest = new(3, LineKind.Dashed);

    public static readonly SeriesLook Slow = new(2, LineKind.LongDashed);

    public static readonly SeriesLook Random = new(7, LineKind.Dotted);

    public static readonly SeriesLook Oracle = new(4, LineKind.DashDot);

    /// <summary>Gets the look of a cascade's tier, in their order; the last looks of a long cascade repeat.</summary>
    public static SeriesLook Tier(int number) => Tiers[number % Tiers.Count];

    /// <summary>Gets the look of things that have no meaning of their own, such as depths.</summary>
    public static SeriesLook Nth(int number) => Tiers[number % Tiers.Count];

    static readonly IReadOnlyList<SeriesLook> Tiers =
    [
        new(3, LineKind.Dashed, Mark.Square), new(5, LineKind.DashDot, Mark.Triangle),
        new(2, LineKind.LongDashed, Mark.Diamond), new(4, LineKind.Dotted, Mark.Circle),
        new(6, LineKind.Solid, Mark.Cross), new(1, LineKind.Dashed, Mark.Star),
    ];
}

/// <summary>Names how points are joined.</summary>
enum LineKind
{
    None,
    Solid,
    Dashed,
    LongDashed,
    DashDot,
    Dotted,
}
