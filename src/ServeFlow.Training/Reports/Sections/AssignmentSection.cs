using ServeFlow.Training.Reports.Figures;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Which flows to escalate: every tier that does, beside chance and knowing (the paper's Figure 2).</summary>
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
        page.Paragraph("Of the flows that reach a tier, the share that its uncertainty passes on to the last tier, against "
            + "the weighted F1 of all flows. A random assignment lies on the straight line; an oracle escalates first "
            + "what the last tier mends. The area between the two is 1; what the tier's uncertainty has of it stands beside.");
        page.Figures(result.Curves.Select((_, tier) => AssignmentFigure.Draw(result, tier)));
    }
}
