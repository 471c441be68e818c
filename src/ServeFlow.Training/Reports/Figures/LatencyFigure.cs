using ServeFlow.Training.Evaluation;
using ServeFlow.Training.Metrics;
using ServeFlow.Training.Reports.Drawing;
using ServeFlow.Training.Reports.Pages;

namespace ServeFlow.Training.Reports.Figures;

/// <summary>Draws the share of flows answered within a time, as curves over a logarithmic axis.</summary>
static class LatencyFigure
{
    /// <summary>
    /// Specifies the lowest start of a time axis, in milliseconds: 10 ns; a shallow tree answers in less than a
    /// tenth of a microsecond.
    /// </summary>
    public const double ShortestMs = 1e-5;

    public static Figure Overall(EvaluationResult result)
    {
        List<Series> series = [Cdf("cascade", result.Cascade.LatencyMs, SeriesLook.Cascade)];
        if (result.Tiers.Count > 1)
        {
            series.Add(Cdf("first tier on every flow", result.FastestOnly.LatencyMs, SeriesLook.Fastest));
            series.Add(Cdf("slow tier on every flow", result.SlowOnly.LatencyMs, SeriesLook.Slow));
            series.Add(Cdf("oracle", result.Oracle.LatencyMs, SeriesLook.Oracle));
        }

        return new("Share of flows answered within a time", "Of all flows; the upright line is the paper's 16 ms.",
            Draw("time to the answer of all flows", $"The cascade answers half of the flows within "
                + $"{AxisText.Duration(result.Cascade.MedianMs)}, the slow tier alone within "
                + $"{AxisText.Duration(result.SlowOnly.MedianMs)}.",
                "share of flows answered", series), Data("latency", "system", series));
    }

    public static Figure ByTier(EvaluationResult result)
    {
        var tiers = result.Paths.Tiers.Index().Where(t => t.Item.Answered > 0).ToList();
        Series[] series = [.. tiers.Select(t => Cdf($"{t.Item.Name} ({NumberText.Count(t.Item.Answered)} flows)",
            t.Item.LatencyMs, SeriesLook.Tier(t.Index) with { Mark = Mark.None }))];
        return new("The same by the tier that answered", "Each curve is of the flows that its tier answered.",
            Draw("time to the answer by tier", string.Join("; ", tiers.Select(t =>
                $"{t.Item.Name}: median {AxisText.Duration(t.Item.LatencyMs[t.Item.LatencyMs.Count / 2])}")) + ".",
                "share of the tier's answers", series), Data("latency-by-tier", "tier", series));
    }

    /// <summary>Returns a curve through evenly spaced quantiles.</summary>
    public static Series Cdf(string name, IReadOnlyList<double> quantiles, SeriesLook look) =>
        new(name, [.. quantiles.Index().Select(q => (q.Item, (double)q.Index / (quantiles.Count - 1)))], look);

    public static CsvTable Data(string name, string kind, IReadOnlyList<Series> series) => new(name,
        [kind, "milliseconds", "share"],
        [.. series.SelectMany(s => s.Points.Select(p => new[] { s.Name, NumberText.Raw(p.X), NumberText.Raw(p.Y) }))]);

    static string Draw(string label, string description, string y, IReadOnlyList<Series> series) => new Plot
    {
        Label = label,
        Description = description,
        X = Axis.Decades("time", AxisUnit.Duration, series.SelectMany(s => s.Points).Select(p => p.X).Append(16),
            ShortestMs),
        Y = Axis.Shares(y),
        Series = series,
        Guides = [new(16, "16 ms")],
    }.Draw();
}
