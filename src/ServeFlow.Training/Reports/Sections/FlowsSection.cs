using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Shows which way the flows went (the arrows of the paper's Figure 4).</summary>
static class FlowsSection
{
    public static void Add(HtmlPage page, ReportContent content)
    {
        page.Section("flows", "The flows' way through the tiers");
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
}
