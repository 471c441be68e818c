using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>The cascade beside five other ways to answer the same flows, and its tiers.</summary>
static class SystemsSection
{
    public static void Add(HtmlPage page, ReportContent content)
    {
        var result = content.Result;
        page.Section("systems", "Six systems on the same flows");
        page.Table(Table.From("systems", "random escalates as many flows as the cascade, drawn at random; oracle knows "
            + "which answers are wrong and which the slow model "
            + "mends.", result.Systems.Select(s => new NamedScore(s.Name, s.Score)),
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
    }

    sealed record NamedScore(string Name, SystemScore Score);
}
