using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Shows how long packets have to be waited for (the paper's Figure 3).</summary>
static class WaitSection
{
    public static void Add(HtmlPage page, ReportContent content)
    {
        page.Section("waiting", "Waiting for packets");
        page.Paragraph("What a deeper model costs is less its computing than the wait for its packets: by the "
            + "captures' own timestamps, from a flow's first packet to the last that the model wants. A flow that has "
            + "fewer is waited for until it ends or "
            + $"{Drawing.AxisText.Duration(content.Result.Bundle.Manifest.WaitLimitMs)} have "
            + "passed.");
        page.Figure(WaitFigure.Draw(content.Result));
    }
}
