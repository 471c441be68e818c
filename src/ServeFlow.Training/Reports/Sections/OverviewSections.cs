using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>
/// Shows what matters at the top of the page: the figures, those of the paper, and the systems that the cascade is
/// compared with.
/// </summary>
static class OverviewSections
{
    /// <summary>Shows the figures that matter.</summary>
    public static void AddSummary(HtmlPage page, ReportContent content)
    {
        var (result, data) = (content.Result, content.Result.Data);
        page.Footnote($"{NumberText.Count(data.Flows)} {result.Unit.Units} of {data.Classes} classes in "
            + $"{NumberText.Count(data.Captures, "capture")} that training never saw. Every labelled one counts, and "
            + "one without an answer is a wrong answer. Times run from the first packet to the answer.");
        if (result.Unit.Length is { } window)
        {
            page.Footnote(
                $"What is answered here are windows of flows, of {AxisText.Duration(window.TotalMilliseconds)} "
                + "each, every one anew from its own first packets: where this page says flow, read window.");
        }

        var headline = result.Comparison;
        page.Cards(
            (NumberText.Fixed(headline.Loss, 4), $"weighted F1 lost {NumberText.Fixed(headline.LossInterval, 4)} "
                + $"against {NumberText.Fixed(result.SlowOnly.WeightedF1, 3)} with the slow model on every flow"),
            (NumberText.Percent(result.Cascade.Under1Ms), "of flows answered in under 1 ms; "
                + $"{NumberText.Percent(result.Cascade.Under16Ms)} in under 16 ms"),
            (AxisText.Duration(result.Cascade.MeanMs), "mean time to an answer; "
                + $"{AxisText.Duration(result.SlowOnly.MeanMs)} with the slow model on every flow"),
            (NumberText.Fixed(headline.SpeedupMean, 1), "times as soon on average "
                + NumberText.Fixed(headline.SpeedupMeanInterval, 1)));
        page.Verdicts(Verdicts.Summary(content));
    }

    /// <summary>
    /// Shows the headline figures beside those of the ServeFlow paper (arXiv 2402.03694) for service recognition.
    /// </summary>
    public static void AddPaper(HtmlPage page, ReportContent content)
    {
        var result = content.Result;
        page.Section("paper", "Comparison with the paper");
        page.Paragraph("The paper measured on its own captures of eleven services, and counted answered flows only; "
            + "here every flow counts. Other data, so no contest: a scale to read the figures by.");
        page.Table(Table.From("paper", "The headline figures of the paper, and the same here.",
        [
            Row("answered in under 16 ms", Share(result.Cascade.Under16Ms), "76.3 %"),
            Row("median latency, slow model on every flow / cascade", result.Comparison.SpeedupMedian is { } speedup
                ? Number(speedup, 1) : ("not told: half the flows are at the edge of packet 1", ""), "40.5"),
            Row("mean latency, slow model on every flow / cascade", Number(result.Comparison.SpeedupMean, 1), ""),
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

    /// <summary>Compares the cascade with five other ways to answer the same flows, and its tiers.</summary>
    public static void AddSystems(HtmlPage page, ReportContent content)
    {
        var result = content.Result;
        page.Section("systems", "Systems compared");
        foreach (var note in IntervalSections.Notes(result))
        {
            page.Paragraph(note);
        }

        page.Table(Table.From("systems", "random escalates as many flows as the cascade, drawn at random a "
            + "hundred times; oracle knows which answers are wrong and which the slow model corrects.",
            result.Systems.Select(s => new NamedScore(s.Name, s.Score)),
            Column<NamedScore>.Text("system", "system", s => s.Name.Replace('_', ' ')),
            Column<NamedScore>.Fixed("weighted F1", "weighted_f1", 4, s => s.Score.WeightedF1),
            Column<NamedScore>.Fixed("macro F1", "macro_f1", 4, s => s.Score.MacroF1),
            Column<NamedScore>.Fixed("accuracy", "accuracy", 4, s => s.Score.Accuracy),
            Column<NamedScore>.Duration("median", "median_ms", s => s.Score.MedianMs),
            Column<NamedScore>.Duration("mean", "mean_ms", s => s.Score.MeanMs),
            Column<NamedScore>.Duration("90 %", "p90_ms", s => s.Score.P90Ms),
            Column<NamedScore>.Duration("99 %", "p99_ms", s => s.Score.P99Ms),
            Column<NamedScore>.Share("< 1 ms", "under_1ms", s => s.Score.Under1Ms),
            Column<NamedScore>.Share("< 16 ms", "under_16ms", s => s.Score.Under16Ms),
            Column<NamedScore>.Fixed("packets", "packets_mean", 2, s => s.Score.PacketsMean)) with
        { Strong = [0] });
        IntervalSections.AddSystems(page, result);
        page.Table(Table.From("tiers", "The cascade's tiers. Shares are of all flows; errors caught are those of the "
            + "flows that reach a tier and that it gets wrong; the weighted F1 is that of its model, were it to answer "
            + "every flow.",
            result.Tiers,
            Column<TierScore>.Text("tier", "tier", t => t.Name),
            Column<TierScore>.Text("model", "model", t => t.Model),
            Column<TierScore>.Count("packets", "packets", t => t.Packets),
            Column<TierScore>.Share("answers", "answered_share", t => t.AnsweredShare),
            Column<TierScore>.Share("escalates", "escalated_share", t => t.EscalatedShare),
            new("errors caught", "errors_caught", t => t == result.Tiers[^1] ? "" : NumberText.Percent(t.ErrorsCaught),
                t => NumberText.Raw(t.ErrorsCaught)),
            Column<TierScore>.Fixed("weighted F1", "weighted_f1", 4, t => t.WeightedF1),
            new("computing per flow", "ns_per_flow", t => $"{t.NsPerFlow / 1e3:0.00} µs",
                t => NumberText.Raw(t.NsPerFlow))));
        IntervalSections.AddTiers(page, result);
    }

    sealed record PaperRow(string Figure, (string Shown, string Raw) Here, string Paper);

    sealed record NamedScore(string Name, SystemScore Score);
}
