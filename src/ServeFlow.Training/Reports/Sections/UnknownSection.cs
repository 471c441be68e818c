using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Shows what becomes of classes that training never saw.</summary>
static class UnknownSection
{
    public static void Add(HtmlPage page, ReportContent content)
    {
        var (trained, here) = (content.Result.Bundle.Manifest.Unknown, content.Result.Unknown);
        if (trained is null && here is null)
        {
            return;
        }

        page.Section("unknown", "Classes never seen");
        if (here is not null)
        {
            AddHere(page, here);
        }

        if (trained is { LeftOut.Count: > 0 })
        {
            AddTrained(page, trained);
        }
    }

    static void AddHere(HtmlPage page, UnknownReport here)
    {
        page.Verdicts([Verdict.From(here.RejectedShare <= here.Budget,
            $"{NumberText.Count(here.Rejected)} of {NumberText.Count(here.Known, "flow")} of known classes are "
                + "answered "
            + $"unknown, {NumberText.Percent(here.RejectedShare)}; at most {NumberText.Percent(here.Budget)} was the "
            + "budget.")]);
        page.Paragraph($"{NumberText.Count(here.RejectedWrong)} of those would have got a wrong class. Were every "
            + "flow given "
            + $"a class, the weighted F1 would be {NumberText.Fixed(here.WeightedF1Closed, 4)}. In every other table "
            + "of this "
            + "page an answer unknown is a wrong one.");
        if (here.UnknownClasses.Count > 0)
        {
            page.Table(Table.From("unknown-classes", "Classes of these flows that the bundle does not know; the AUROC "
                + "is the "
                + "probability that one of their flows looks more novel than a known one.", here.UnknownClasses,
                Column<UnknownClassScore>.Text("class", "class", c => c.Label),
                Column<UnknownClassScore>.Count("flows", "flows", c => c.Flows),
                Column<UnknownClassScore>.Fixed("AUROC", "auroc", 3, c => c.Auroc),
                Column<UnknownClassScore>.Share("answered unknown", "detected", c => c.Detected)));
        }
    }

    static void AddTrained(HtmlPage page, BundleUnknown trained)
    {
        page.Paragraph("In training each class was left out in turn, and a cascade without it met its flows: on "
            + "average "
            + $"{NumberText.Percent(trained.LeftOut.Average(c => c.Detected))} of them were answered unknown, with an "
            + "AUROC of "
            + $"{NumberText.Fixed(trained.LeftOut.Average(c => c.Auroc), 3)} (a half is chance).");
        page.Figure(UnknownFigure.Draw(trained));
    }
}
