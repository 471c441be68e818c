using ServeFlow.Cascade.Bundles;
using static ServeFlow.Training.Metrics.NumberText;

namespace ServeFlow.Training.Reports.Summaries;

/// <summary>Formats a placement for people.</summary>
static class PlacementText
{
    /// <summary>Limits the lines; more are for the report.</summary>
    const int MaxCascades = 12;

    public static string Candidates(BundlePlacement placement)
    {
        var table = new TextTable("model", "packets", "weighted F1", "macro F1", "cost µs", "measured µs",
            "alone µs", "KiB", "collect ms", "mean ms", "pareto");
        foreach (var c in placement.Candidates)
        {
            table.Add(c.Model, $"{c.Packets}", Fixed(c.WeightedF1, 4), Fixed(c.MacroF1, 4), Fixed(c.NsPerFlow / 1e3, 2),
                Fixed(c.Batches?[^1].NsPerFlow / 1e3, 2), Fixed(c.Batches?[0].NsPerFlow / 1e3, 1),
                Fixed(c.MemoryBytes / 1024.0, 0),
                Fixed(c.CollectMs[c.CollectMs.Count / 2], 2), Fixed(c.MeanMs, 2), Fronts(c.Pareto));
        }

        return table.ToString();
    }

    /// <summary>Some of the cascades of the front, spread evenly over those worth a look, and the chosen one.</summary>
    public static string Cascades(BundlePlacement placement)
    {
        var table = new TextTable("cascade", "weighted F1", "mean ms", "median ms", "cost µs", "answer", "pareto");
        var shown = placement.Cascades.Where(c => c.Tiers.Count > 1 && (c.Pareto.Mean || c.Pareto.Median)).ToList();
        var step = Math.Max(1, (shown.Count + MaxCascades - 1) / MaxCascades);
        foreach (var cascade in shown.Where((_, i) => (shown.Count - 1 - i) % step == 0))
        {
            Add(table, "", cascade);
        }

        Add(table, "chosen: ", placement.Chosen);
        return $"{table}{Measured(placement)}{placement.Why}\n";
    }

    static string Measured(BundlePlacement placement) => placement.ChosenBatches is not { } batches ? ""
        : $"the chosen cascade, timed as a whole on this machine: {Fixed(batches[^1].NsPerFlow / 1e3, 2)} µs a flow "
            + $"in full batches, {Fixed(batches[0].NsPerFlow / 1e3, 1)} µs where flows come one by one\n";

    static void Add(TextTable table, string prefix, BundleCascade cascade) => table.Add(
        prefix + string.Join(',', cascade.Tiers), Fixed(cascade.WeightedF1, 4), Fixed(cascade.MeanMs, 2),
        Fixed(cascade.MedianMs, 3), Fixed(cascade.NsPerFlow / 1e3, 2),
        string.Join('/', cascade.AnsweredShares.Select(s => Fixed(s * 100, 0))) + " %",
        Fronts(cascade.Pareto));

    internal static string Fronts(BundleFronts fronts) => string.Join(',',
        new[] { fronts.Median ? "median" : "", fronts.Mean ? "mean" : "",
            fronts.Rate ? "rate" : "" }.Where(f => f != ""));
}
