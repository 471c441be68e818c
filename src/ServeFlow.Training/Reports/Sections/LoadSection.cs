using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Service rate, missed flows and delays under load.</summary>
static class LoadSection
{
    public static void Add(HtmlPage page, ReportContent content)
    {
        if (content.Load is not { } load)
        {
            return;
        }

        var best = load.Points.Max(p => p.Achieved);
        page.Section("load", "Under load");
        page.Paragraph($"Packets come at the pace of their timestamps whether {Workers(load.Workers)} of {load.Cpu} "
            + "keeps up or not, and every flow is timed from the moment at which its first packet was due. Most "
            + $"served: {NumberText.Count(best)} new flows a second. The paper's server of 16 cores took more than "
            + "48,500.");
        page.Figures(load.Points.Any(p => p.FirstPacket.P99Us > 0)
            ? [LoadFigure.Rate(load), LoadFigure.Missed(load), LoadFigure.Delay(load)]
            : [LoadFigure.Rate(load), LoadFigure.Missed(load)]);
        page.Table(Table.From("load", "Every load that was offered: flows missed, packets dropped, flows answered "
                + "early for the load, and the time to an answer of all flows, waiting for packets included.",
                load.Points,
            new("offered flows/s", "offered", p => NumberText.Count(p.Offered), p => NumberText.Raw(p.Offered),
                IsText: false),
            new("served flows/s", "achieved", p => NumberText.Count(p.Achieved), p => NumberText.Raw(p.Achieved)),
            Column<LoadPoint>.Share("missed", "missed", p => p.Missed),
            Column<LoadPoint>.Share("dropped", "dropped_share", p => p.DroppedShare),
            Column<LoadPoint>.Share("early", "overload_share", p => p.OverloadShare),
            Column<LoadPoint>.Duration("median", "p50_ms", p => p.P50Us / 1e3),
            Column<LoadPoint>.Duration("99 %", "p99_ms", p => p.P99Us / 1e3),
            Column<LoadPoint>.Duration("99.9 %", "p999_ms", p => p.P999Us / 1e3),
            Column<LoadPoint>.Share("< 16 ms", "under_16ms", p => p.Under16Ms),
            new("unanswered", "unanswered", p => NumberText.Count(p.Unanswered), p => $"{p.Unanswered}")));
    }

    static string Workers(int workers) => workers == 1 ? "one core" : $"a team of {workers} cores";
}
