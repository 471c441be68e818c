using ServeFlow.Training.Datasets;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Shows what went wrong, as loudly as what went right.</summary>
static class ErrorsSection
{
    const int MaxConfusions = 15;

    public static void Add(HtmlPage page, ReportContent content)
    {
        var result = content.Result;
        page.Section("faults", "What went wrong");
        page.Verdicts(Verdicts.Faults(content));
        var confusions = Confusions(content);
        if (confusions.Count > 0)
        {
            page.Table(Table.From("confusions", $"The confusions that cost most, of "
                + $"{NumberText.Count(confusions.Count)}. Each share is of the true class's "
                + "flows.", confusions.Take(MaxConfusions),
                Column<Confusion>.Text("truth", "true", c => result.Labels[c.Truth]),
                Column<Confusion>.Text("answer", "answered", c => result.Labels[c.Answer]),
                Column<Confusion>.Count("flows", "flows", c => c.Flows),
                Column<Confusion>.Share("of the class", "share",
                    c => (double)c.Flows / result.Confusion.Support(c.Truth))));
        }

        if (result.NearDuplicates.Count > 0)
        {
            page.Table(Table.From("near-duplicates", "Held-back flows that look, in the columns that models see, "
                + "exactly like a training flow. Under another label they are what no model of these columns can tell.",
                result.NearDuplicates,
                Column<NearDuplicateReport>.Count("packets compared", "packets", r => r.Depth),
                Column<NearDuplicateReport>.Count("flows", "flows", r => r.Flows),
                Column<NearDuplicateReport>.Share("of all", "share", r => r.Share),
                Column<NearDuplicateReport>.Count("under another label", "contradicting", r => r.Contradicting)));
        }
    }

    static List<Confusion> Confusions(ReportContent content)
    {
        var matrix = content.Result.Confusion;
        var cells = from truth in Enumerable.Range(0, matrix.Classes)
                    from answer in Enumerable.Range(0, matrix.Classes)
                    where truth != answer && matrix[truth, answer] > 0
                    orderby matrix[truth, answer] descending, truth, answer
                    select new Confusion(truth, answer, matrix[truth, answer]);
        return [.. cells];
    }

    sealed record Confusion(int Truth, int Answer, int Flows);
}
