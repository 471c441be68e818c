namespace ServeFlow.Training.Reports.Pages;

/// <summary>Represents a drawing of the page and the numbers behind it.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Caption">How to read it.</param>
/// <param name="Svg">The drawing; colours are the page's.</param>
/// <param name="Data">Every number that it shows. Its name is the figure's.</param>
sealed record Figure(string Title, string Caption, string Svg, CsvTable Data)
{
    public string Name => Data.Name;

    /// <summary>Gets the drawing as a file of its own: with its style in it, for papers and other pages.</summary>
    public string Standalone =>
        Svg.Insert(Svg.IndexOf('>') + 1, $"<style>{PageStyle.Drawings}svg{{background:var(--card)}}</style>") + "\n";
}
