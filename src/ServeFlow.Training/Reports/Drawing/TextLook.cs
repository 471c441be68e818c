namespace ServeFlow.Training.Reports.Drawing;

/// <summary>Says how a text of a drawing looks.</summary>
/// <param name="Size">The size of the font, in pixels.</param>
/// <param name="Style">Classes of <c>PageStyle</c>: <c>ink</c>, <c>b</c> for bold, <c>halo</c>,
/// <c>on</c>.</param>
sealed record TextLook(double Size, string Style = "")
{
    /// <summary>Specifies the height of a line of text, with the room that keeps two lines apart.</summary>
    const double LineHeight = 1.2;

    public static readonly TextLook Plain = new(12);

    /// <summary>Titles of axes, names of classes and tiers.</summary>
    public static readonly TextLook Ink = new(12, "ink");

    public static readonly TextLook Strong = new(12, "ink b");

    /// <summary>Over lines: with a rim of the background.</summary>
    public static readonly TextLook Label = new(11, "ink halo");

    public static readonly TextLook StrongLabel = new(11, "ink b halo");

    public double Height => Size * LineHeight;

    public double Width(string text) => TextWidth.Measure(text, Size, Style.Split(' ').Contains("b"));
}

/// <summary>Names which point of a text stands at the position given.</summary>
enum TextAnchor
{
    Start,
    Middle,
    End,
}
