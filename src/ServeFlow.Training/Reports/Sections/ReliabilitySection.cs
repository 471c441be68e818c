using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Shows how far confidences can be trusted.</summary>
static class ReliabilitySection
{
    public static void Add(HtmlPage page, ReportContent content)
    {
        var tiers = content.Result.Reliability.Where(t => t.Reaching.After.Flows > 0).ToList();
        if (tiers.Count == 0)
        {
            return;
        }

        page.Section("reliability", "Are the confidences true?");
        page.Paragraph("Of the answers with a confidence of 80 %, four in five should be right: on the dotted line "
            + "they are. Below it a tier is too sure of itself. Drawn for the flows that reach the tier, for it is on "
            + "them that calibration is fitted and thresholds decide.");
        page.Figures(tiers.Select(ReliabilityFigure.Draw));
        page.Table(Table.From("calibration", "Expected calibration error: the distance of confidence and accuracy, on "
            + "average over the flows, in fifteen bins.", tiers,
            Column<TierReliability>.Text("tier", "tier", t => t.Tier),
            Column<TierReliability>.Count("flows that reach it", "flows", t => t.Reaching.After.Flows),
            Column<TierReliability>.Fixed("before", "ece_before", 4, t => t.Reaching.Before.ExpectedCalibrationError),
            Column<TierReliability>.Fixed("after", "ece_after", 4, t => t.Reaching.After.ExpectedCalibrationError),
            Column<TierReliability>.Fixed("on all flows, before", "ece_before_all", 4,
                t => t.All.Before.ExpectedCalibrationError),
            Column<TierReliability>.Fixed("on all flows, after", "ece_after_all", 4,
                t => t.All.After.ExpectedCalibrationError)));
    }
}
