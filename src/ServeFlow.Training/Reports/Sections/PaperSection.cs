using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>
/// The headline figures beside those of the ServeFlow paper (arXiv 2402.03694) for service recognition.
/// </summary>
static class PaperSection
{
    public static void Add(HtmlPage page, ReportContent content)
    {
        var result = content.Result;
        page.Section("paper", "Beside the paper");
        page.Paragraph("The paper measured on its own captures of eleven services, and counted answered flows only; "
            + "here every flow counts. Other data, so no contest: a scale to read the figures by.");
        page.Table(Table.From("paper", "The headline figures of the paper, and the same here.",
        [
            Row("answered in under 16 ms", Share(result.Cascade.Under16Ms), "76.3 %"),
            Row("median latency, slow model on every flow / cascade", Number(result.SpeedupMedian, 1), "40.5"),
            Row("weighted F1, cascade", Number(result.Cascade.WeightedF1, 3), "0.964"),
            Row("weighted F1, slow model on every flow", Number(result.SlowOnly.WeightedF1, 3), "0.973"),
            Row("weighted F1 lost", Number(result.SlowOnly.WeightedF1 - result.Cascade.WeightedF1, 3), "0.009"),
            Row("wrong first answers escalated", Share(result.ErrorsCaught), "82–95 %"),
            Row("first answers escalated", Share(result.Tiers[0].EscalatedShare), "about 50 %"),
        ], Column<PaperRow>.Text("figure", "figure", r => r.Figure),
            new("here", "here", r => r.Here.Shown, r => r.Here.Raw),
            new("paper", "paper", r => r.Paper, r => r.Paper)));
    }

    static PaperRow Row(string figure, (string Shown, string Raw) here, string paper) => new(figure, here, paper);

    static (string Shown, string Raw) Share(double share) => (NumberText.Percent(share), NumberText.Raw(share));

    static (string Shown, string Raw) Number(double value, int digits) =>
        (value.ToString($"#,0.{new string('0', digits)}"), NumberText.Raw(value));

    sealed record PaperRow(string Figure, (string Shown, string Raw) Here, string Paper);
}
