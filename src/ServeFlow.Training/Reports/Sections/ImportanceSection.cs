using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>Shows which header fields and packets the answers rest on.</summary>
static class ImportanceSection
{
    /// <summary>Further fields matter less than the spread between draws.</summary>
    const int MaxFields = 16;

    /// <summary>A field without which every system loses less is not drawn.</summary>
    const double MinLoss = 0.0005;

    public static void Add(HtmlPage page, ReportContent content)
    {
        if (content.Result.Importance is not { } importance)
        {
            return;
        }

        page.Section("importance", "What the answers rest on");
        page.Paragraph("Weighted F1 lost where a header field, over all packets, is exchanged at random between flows "
            + $"that have it. {NumberText.Count(importance.Flows, "flow")}, {importance.Repeats} draws; whiskers are "
            + "one standard deviation between draws. With every field exchanged the cascade loses "
            + $"{NumberText.Fixed(importance.Everything.Losses[0].Mean, 3)}: what is left is known from which headers "
            + "and how many packets a flow has.");
        var fields = importance.Fields.Count(f => f.Losses.Max(l => Math.Abs(l.Mean)) >= MinLoss);
        if (fields > 0)
        {
            var shown = Math.Min(fields, MaxFields);
            page.Figure(ImportanceFigure.Draw("importance-fields", "Weighted F1 lost without a field",
                $"The {shown} fields that matter most to the cascade; the file has all "
                + $"{importance.Fields.Count}.", importance, importance.Fields, shown, row => row.Name));
        }

        if (importance.Packets.Count > 1)
        {
            page.Figure(ImportanceFigure.Draw("importance-packets", "Weighted F1 lost without a packet",
                "All fields of one packet exchanged together.", importance, importance.Packets,
                    importance.Packets.Count,
                row => $"packet {row.Name}"));
        }
    }
}
