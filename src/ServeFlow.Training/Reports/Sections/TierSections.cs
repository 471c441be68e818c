using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Figures;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Sections;

/// <summary>
/// Shows what the tiers were chosen from, and how their flows are assigned.
/// </summary>
static class TierSections
{
    /// <summary>
    /// Shows every model at every depth that could have become a tier, beside the paper's Tables 1 and 2.
    /// </summary>
    public static void AddCandidates(HtmlPage page, ReportContent content)
    {
        page.Section("candidates", "Models by packet depth");
        if (content.Result.Bundle.Manifest.Placement is not { } placement)
        {
            page.Footnote("This bundle does not say what its tiers were chosen from; train it again for these tables.");
            return;
        }

        page.Paragraph($"Measured in training on {NumberText.Count(placement.Flows, "flow")} that the model in "
            + "question had not seen. The paper's rows are its own, on its own captures.");
        var depths = placement.Candidates.Select(c => c.Packets).Union(PaperFigures.Depths).Order().ToList();
        page.Table(ByDepth("f1-by-depth", "Weighted F1 by model and packets (the paper's Table 1).", depths,
            Rows(placement, c => c.WeightedF1).Concat(Paper(PaperFigures.WeightedF1)),
                value => NumberText.Fixed(value, 3)));
        page.Table(ByDepth("time-by-depth", "Computing per flow by model and packets (the paper's Table 2): here "
            + "features and scoring together, in full batches on one core; there the median, features apart.", depths,
            Rows(placement, c => (c.Batches?[^1].NsPerFlow ?? c.NsPerFlow) / 1e6)
                .Concat(Paper(PaperFigures.Ms)), Drawing.AxisText.Duration));
        page.Table(All(placement));
    }

    static Table ByDepth(string name, string caption, IEnumerable<int> depths, IEnumerable<DepthRow> rows,
        Func<double, string> shown) => Table.From(name, caption, rows,
            [
                Column<DepthRow>.Text("", "source", r => r.Source),
                Column<DepthRow>.Text("model", "model", r => r.Model),
                .. depths.Select(d => new Column<DepthRow>(NumberText.Count(d, "packet"), $"packets_{d}",
                    r => r.ByDepth.TryGetValue(d, out var value) ? shown(value) : "",
                    r => r.ByDepth.TryGetValue(d, out var value) ? NumberText.Raw(value) : "")),
            ]);

    static IEnumerable<DepthRow> Rows(BundlePlacement placement, Func<BundleCandidate, double> value) =>
        placement.Candidates.GroupBy(c => c.Model).Select(g => new DepthRow("here", ModelName.From(g.Key),
            g.GroupBy(c => c.Packets).ToDictionary(c => c.Key, c => value(c.First()))));

    static IEnumerable<DepthRow> Paper(IEnumerable<(string Model, IReadOnlyList<double> ByDepth)> rows) =>
        rows.Select(r =>
        new DepthRow("paper", r.Model, PaperFigures.Depths.Zip(r.ByDepth).ToDictionary(p => p.First, p => p.Second)));

    static Table All(BundlePlacement placement) =>
        Table.From("candidates", "Every candidate. The cost is estimated by what "
        + "the model has to do, and tiers are chosen by it; measured is what the machine that trained took. Time to an "
        + "answer is that of the model on every flow, waiting included. ✓: no other has as good an F1 and is better in "
        + "the median time or in the rate.",
        placement.Candidates,
        Column<BundleCandidate>.Text("model", "model", c => ModelName.From(c.Model)),
        Column<BundleCandidate>.Count("packets", "packets", c => c.Packets),
        Column<BundleCandidate>.Fixed("weighted F1", "weighted_f1", 4, c => c.WeightedF1),
        Column<BundleCandidate>.Fixed("macro F1", "macro_f1", 4, c => c.MacroF1),
        new("cost", "ns_per_flow", c => $"{c.NsPerFlow / 1e3:0.00} µs", c => NumberText.Raw(c.NsPerFlow)),
        new("measured", "measured_ns_per_flow", c => c.Batches is { } b ? $"{b[^1].NsPerFlow / 1e3:0.00} µs" : "",
            c => c.Batches is { } b ? NumberText.Raw(b[^1].NsPerFlow) : ""),
        new("memory", "memory_bytes", c => c.MemoryBytes is { } bytes ? $"{bytes / 1024.0:#,0} KiB" : "",
            c => $"{c.MemoryBytes}"),
        Column<BundleCandidate>.Duration("median", "median_ms", c => c.MedianMs),
        Column<BundleCandidate>.Duration("mean", "mean_ms", c => c.MeanMs),
        Mark("median front", "pareto_median", c => c.Pareto.Median),
        Mark("rate front", "pareto_rate", c => c.Pareto.Rate));

    static Column<BundleCandidate> Mark(string head, string name, Func<BundleCandidate, bool> has) =>
        new(head, name, c => has(c) ? "✓" : "", c => has(c) ? "true" : "false");

    /// <summary>Shows which models became tiers, and what else there was (the paper's Figure 5).</summary>
    public static void AddPlacement(HtmlPage page, ReportContent content)
    {
        if (content.Result.Bundle.Manifest.Placement is not { } placement)
        {
            return;
        }

        page.Section("placement", "Choice of the tiers");
        page.Paragraph(placement.Why);
        page.Footnote("Measured in training. Up and to the left is better; for the rate, up and to the right. The line "
            + "goes by the single models that no other single model beats.");
        page.Figure(ParetoFigure.Median(content.Result));
        page.Figures([ParetoFigure.Mean(content.Result), ParetoFigure.Rate(content.Result)]);
    }

    /// <summary>
    /// Shows which flows to escalate: every tier that does, beside chance and the oracle (the paper's Figure 2).
    /// </summary>
    public static void AddAssignment(HtmlPage page, ReportContent content)
    {
        var result = content.Result;
        if (result.Curves.Count == 0)
        {
            return;
        }

        page.Section("assignment", "Assignment curves");
        page.Paragraph("Of the flows that reach a tier, the share that its uncertainty would pass on straight to the "
            + "last tier, against the weighted F1 of all flows. Random escalates without looking; the oracle first "
            + "what the last tier corrects and last what it worsens. The area is 0 at random and 1 at the oracle. The "
            + "star "
            + "is where the cascade stands with its calibrated thresholds, and with the tiers between.");
        page.Figures(result.Curves.Select((_, tier) => AssignmentFigure.Draw(result, tier)));
    }

    sealed record DepthRow(string Source, string Model, IReadOnlyDictionary<int, double> ByDepth);
}
