using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>
/// Shows which flows to escalate: every tier that does, beside chance and the oracle (the paper's Figure 2).
/// </summary>
static class AssignmentSection
{
    public static void Add(HtmlPage page, ReportContent content)
    {
        var result = content.Result;
        if (result.Curves.Count == 0)
        {
            return;
        }

        page.Section("assignment", "What escalating more or less would do");
        page.Paragraph("Of the flows that reach a tier, the share that its uncertainty would pass on straight to the "
            + "last tier, against the weighted F1 of all flows. Random escalates without looking; the oracle first "
            + "what the last tier mends and last what it breaks. The area is 0 at random and 1 at the oracle. The star "
            + "is where the cascade stands with its calibrated thresholds, and with the tiers between.");
        page.Figures(result.Curves.Select((_, tier) => AssignmentFigure.Draw(result, tier)));
    }
}
