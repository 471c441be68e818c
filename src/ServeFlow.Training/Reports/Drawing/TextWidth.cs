namespace ServeFlow.Training.Reports.Drawing;

/// <summary>
/// Measures the largest width of a text: by the letters of DejaVu Sans, which is wider than the fonts that browsers
/// have for <c>system-ui</c> elsewhere. A drawing that keeps labels apart by these widths does so on other machines
/// too.
/// </summary>
static class TextWidth
{
    /// <summary>Advance widths of the characters from U+0020 to U+007E, in thousandths of the font's size.</summary>
    static readonly short[] Ascii =
    [
        318, 401, 460, 838, 637, 951, 780, 275, 391, 391, 500, 838, 318, 361, 318, 337, 637, 637, 637, 637, 637, 637,
        637, 637, 637, 637, 337, 337, 838, 838, 838, 531, 1000, 685, 687, 699, 771, 632, 576, 775, 752, 295, 295, 656,
        558, 863, 749, 788, 604, 788, 695, 635, 611, 732, 685, 989, 686, 611, 686, 391, 337, 391, 838, 500, 500, 613,
        635, 550, 635, 616, 353, 635, 634, 278, 278, 580, 278, 975, 634, 612, 635, 635, 412, 521, 393, 634, 592, 818,
        592, 592, 525, 637, 337, 637, 838,
    ];

    /// <summary>Bold letters are a seventh wider on average.</summary>
    const double Bold = 1.15;

    const string Ellipsis = "…";

    /// <param name="size">The size of the font, in pixels.</param>
    /// <returns>Pixels.</returns>
    public static double Measure(string text, double size, bool isBold = false) =>
        text.Sum(Letter) * size * (isBold ? Bold : 1) / 1000;

    /// <summary>Returns the text, or as much of its beginning as fits, with an ellipsis.</summary>
    public static string Fit(string text, double size, double width)
    {
        if (Measure(text, size) <= width)
        {
            return text;
        }

        var kept = text.Length - 1;
        while (kept > 0 && Measure(text[..kept] + Ellipsis, size) > width)
        {
            kept--;
        }

        return text[..kept] + Ellipsis;
    }

    /// <summary>
    /// Gets the width of a letter. Letters beyond ASCII are taken to be as wide as they are high, as ideographs are.
    /// </summary>
    static double Letter(char letter) => letter switch
    {
        >= ' ' and <= '~' => Ascii[letter - ' '],
        'µ' => 637,
        '·' => 318,
        '–' => 500,
        _ => 1000,
    };
}
