using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Documents;
using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>
/// Shows where the flows go, how long they wait, and what load does to that.
/// </summary>
static class TimingSections
{
    /// <summary>Shows which way the flows went (the arrows of the paper's Figure 4).</summary>
    public static void AddFlows(HtmlPage page, ReportContent content)
    {
        page.Section("flows", "Flows through the tiers");
        page.Figure(FlowsFigure.Draw(content.Result));
        page.Table(Table.From("flows-by-tier",
            "The same in numbers: reached = right + wrong + ended early + unknown + escalated.",
            content.Result.Paths.Tiers,
            Column<TierFlows>.Text("tier", "tier", t => t.Name),
            Column<TierFlows>.Count("reached", "reached", t => t.Reached),
            Column<TierFlows>.Count("right", "right", t => t.Right),
            Column<TierFlows>.Count("wrong", "wrong", t => t.Wrong),
            Column<TierFlows>.Count("ended early, right", "ended_early_right", t => t.ShortRight),
            Column<TierFlows>.Count("ended early, wrong", "ended_early_wrong", t => t.ShortWrong),
            Column<TierFlows>.Count("unknown", "unknown", t => t.Unknown),
            Column<TierFlows>.Count("escalated", "escalated", t => t.Escalated)));
    }

    /// <summary>Shows the time to the answer, overall and by tier.</summary>
    public static void AddLatency(HtmlPage page, ReportContent content)
    {
        page.Section("latency", "Time to an answer");
        page.Paragraph("Waiting by the captures' own timestamps; computing as measured on one core of the machine that "
            + "evaluated.");
        page.Figure(LatencyFigure.Overall(content.Result));
        if (content.Result.Tiers.Count > 1)
        {
            page.Figure(LatencyFigure.ByTier(content.Result));
        }
    }

    /// <summary>Shows how long packets have to be waited for (the paper's Figure 3).</summary>
    public static void AddWait(HtmlPage page, ReportContent content)
    {
        page.Section("waiting", "Waiting for packets");
        page.Paragraph("What a deeper model costs is less its computing than the wait for its packets: by the "
            + "captures' own timestamps, from a flow's first packet to the last that the model wants. A flow that has "
            + "fewer is waited for until it ends or "
            + $"{Drawing.AxisText.Duration(content.Result.Bundle.Manifest.WaitLimitMs)} have "
            + "passed.");
        page.Figure(WaitFigure.Draw(content.Result));
    }

    /// <summary>Shows service rate, missed flows and delays under load.</summary>
    public static void AddLoad(HtmlPage page, ReportContent content)
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
