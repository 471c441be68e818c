using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Shows which models became tiers, and what else there was (the paper's Figure 5).</summary>
static class PlacementSection
{
    public static void Add(HtmlPage page, ReportContent content)
    {
        if (content.Result.Bundle.Manifest.Placement is not { } placement)
        {
            return;
        }

        page.Section("placement", "What the tiers were chosen from");
        page.Paragraph(placement.Why);
        page.Footnote("Measured in training. Up and to the left is better; for the rate, up and to the right. The line "
            + "goes by the single models that no other single model beats.");
        page.Figure(ParetoFigure.Median(content.Result));
        page.Figures([ParetoFigure.Mean(content.Result), ParetoFigure.Rate(content.Result)]);
    }
}
