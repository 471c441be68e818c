using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Shows what the cascade knows of each class, and which classes it confuses.</summary>
static class ClassesSection
{
    public static void Add(HtmlPage page, ReportContent content)
    {
        var result = content.Result;
        var matrix = result.Confusion;
        var classes = Enumerable.Range(0, result.Labels.Count)
            .Where(c => matrix.Support(c) > 0 || matrix.Predicted(c) > 0);
        page.Section("classes", "Classes");
        page.Table(Table.From("classes", "The cascade's answers by true class; the median is the time to an answer.",
            classes,
            Column<int>.Text("class", "class", c => result.Labels[c]),
            Column<int>.Fixed("precision", "precision", 3, matrix.Precision),
            Column<int>.Fixed("recall", "recall", 3, matrix.Recall),
            Column<int>.Fixed("F1", "f1", 3, matrix.F1),
            Column<int>.Count("flows", "flows", matrix.Support),
            new("on packet 1", "first_packet_share", c => First(c) is { } share ? NumberText.Percent(share) : "",
                c => First(c) is { } share ? NumberText.Raw(share) : ""),
            new("median", "median_ms",
                c => matrix.Support(c) == 0 ? "" : Drawing.AxisText.Duration(result.Paths.Classes[c].MedianMs),
                c => matrix.Support(c) == 0 ? "" : NumberText.Raw(result.Paths.Classes[c].MedianMs))));
        page.Figure(ConfusionFigure.Draw(result));

        double? First(int c) => result.Paths.Classes[c] is { Flows: > 0 } flows
            ? (double)flows.FirstPacket / flows.Flows : null;
    }
}
