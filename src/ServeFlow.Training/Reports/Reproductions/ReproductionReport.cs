using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Pages;
using ServeFlow.Training.Reports.Summaries;

namespace ServeFlow.Training.Reports.Reproductions;

/// <summary>
/// The paper's evaluation, done again on several data sets, as one page with the numbers behind it as CSV.
/// </summary>
public static class ReproductionReport
{
    /// <summary>Writes reproduction.html and the files of its figures and tables; returns the page's path.</summary>
    /// <exception cref="InputException">The directory cannot be written.</exception>
    public static string Write(IReadOnlyList<ReproducedData> data, string directory)
    {
        var page = new HtmlPage("The paper's evaluation, done again");
        page.Paragraph("Figures of \u201CServeFlow: A Fast-Slow Model Architecture for Network Traffic Analysis\u201D "
            + "(arXiv 2402.03694) beside the same measured here. The captures are others than the paper's, and every "
            + "labelled flow counts here, so this is a scale to read figures by, and no contest.");
        page.Footnote("The tiers are the paper's: a decision tree on packet 1, LightGBM on packet 1, LightGBM on 10 "
            + "packets. Each split holds other captures back; intervals of means are 95 % by the corrected resampled t "
            + "(Nadeau and Bengio 2003). The paper's CNN is not trained here.");
        foreach (var some in data)
        {
            Add(page, some);
        }

        return PageFolder.Write(page, directory, "reproduction.html", hasSafeCells: false);
    }

    /// <summary>Formats the headlines of all data sets as plain text.</summary>
    public static string Text(IReadOnlyList<ReproducedData> data) => string.Join('\n',
        data.Select(some => $"{PaperHeadline.Text(some)}{SplitsText.Kept(some.Splits)}\n"));

    static void Add(HtmlPage page, ReproducedData data)
    {
        var first = data.Splits.Runs[0].Evaluated;
        page.Section(data.FileName, data.Name);
        page.Paragraph($"{NumberText.Count(data.Splits.Runs.Count, "split")}; in the first, "
            + $"{NumberText.Count(first.Data.Flows, "flow")} of {first.Data.Classes} classes in "
            + $"{NumberText.Count(first.Data.Captures, "capture")} were held back. {SplitsText.Kept(data.Splits)}.");
        page.Table(PaperTables.Headline(data));
        page.Table(PaperTables.WeightedF1(data));
        page.Table(PaperTables.Computing(data));
        if (PaperCurves.Assignment(data) is { } assignment)
        {
            page.Figure(assignment);
        }

        page.Figure(PaperCurves.Waiting(data));
        page.Figure(PaperCurves.Placement(data));
        page.Figures(PaperCurves.Load(data));
    }
}
