using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Time to the answer, overall and by tier.</summary>
static class LatencySection
{
    public static void Add(HtmlPage page, ReportContent content)
    {
        page.Section("latency", "Time from the first packet to the answer");
        page.Paragraph("Waiting by the captures' own timestamps; computing as measured on one core of the machine that "
            + "evaluated.");
        page.Figure(LatencyFigure.Overall(content.Result));
        if (content.Result.Tiers.Count > 1)
        {
            page.Figure(LatencyFigure.ByTier(content.Result));
        }
    }
}
