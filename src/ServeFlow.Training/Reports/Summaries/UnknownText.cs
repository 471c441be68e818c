using System.Text.Json.Nodes;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Training.Metrics;

namespace ServeFlow.Training.Reports.Summaries;

/// <summary>What leaving each class out showed, for people and for programs.</summary>
static class UnknownText
{
    public static string Format(BundleUnknown unknown)
    {
        var table = new TextTable("left out", "flows", "AUROC", "answered unknown", "known flows so answered");
        foreach (var left in unknown.LeftOut)
        {
            table.Add(left.Label, $"{left.Flows}", NumberText.Fixed(left.Auroc, 3), NumberText.Percent(left.Detected),
                NumberText.Percent(left.KnownRejected));
        }

        var (areas, count) = (unknown.LeftOut.Select(c => c.Auroc).ToList(), unknown.LeftOut.Count);
        return $"\n{table}unknown: {count} classes left out in turn, AUROC {NumberText.Fixed(areas.Average(), 3)} on average "
            + $"({NumberText.Fixed(areas.Min(), 3)} to {NumberText.Fixed(areas.Max(), 3)}), "
            + $"{NumberText.Percent(unknown.LeftOut.Average(c => c.Detected))} of their flows answered unknown, "
            + $"{NumberText.Percent(unknown.LeftOut.Average(c => c.KnownRejected))} of known ones; "
            + $"budget {NumberText.Percent(unknown.Budget)}\n";
    }

    public static JsonObject Json(BundleUnknown unknown) => new()
    {
        ["budget"] = unknown.Budget,
        ["threshold"] = unknown.Threshold,
        ["flows"] = unknown.Flows,
        ["rejected"] = unknown.Rejected,
        ["auroc_mean"] = unknown.LeftOut.Average(c => c.Auroc),
        ["left_out"] = new JsonArray([.. unknown.LeftOut.Select(c => new JsonObject
        {
            ["label"] = c.Label,
            ["flows"] = c.Flows,
            ["auroc"] = c.Auroc,
            ["detected"] = c.Detected,
            ["known_rejected"] = c.KnownRejected,
            ["tier_auroc"] = new JsonArray([.. c.TierAuroc.Select(a => JsonValue.Create(a))]),
        })]),
    };
}
