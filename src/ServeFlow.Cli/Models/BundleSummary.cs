using System.Text;
using System.Text.Json.Nodes;
using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Training.Reports.Summaries;

namespace ServeFlow.Cli.Models;

/// <summary>What a bundle is: its tiers, thresholds and promise, for people and as JSON.</summary>
static class BundleSummary
{
    public static JsonObject ToJson(Bundle bundle) => new()
    {
        ["bundle"] = bundle.Folder,
        ["name"] = bundle.Manifest.Name,
        ["version"] = bundle.Manifest.Version,
        ["features"] = bundle.Manifest.Features.Set,
        ["mask"] = bundle.Manifest.Features.Mask,
        ["classes"] = bundle.Manifest.Labels.Count,
        ["labels"] = new JsonArray([.. bundle.Manifest.Labels.Select(label => (JsonNode?)label)]),
        ["wait_limit_ms"] = bundle.Manifest.WaitLimitMs,
        ["tiers"] = new JsonArray([.. bundle.Manifest.Tiers.Select((tier, i) => Tier(tier, bundle.Plan.Tiers[i]))]),
        ["promise"] = bundle.Manifest.Promise is { } promise
            ? new JsonObject
            {
                ["max_loss"] = promise.MaxLoss,
                ["confidence"] = promise.Confidence,
                ["flows"] = promise.Flows,
                ["lost"] = promise.Lost,
                ["bound"] = promise.Bound,
            }
            : null,
        ["trained_on"] = bundle.Manifest.Data.Trained.Count,
        ["held_out"] = bundle.Manifest.Data.HeldOut.Count,
    };

    public static string ToText(Bundle bundle)
    {
        var (manifest, text) = (bundle.Manifest, new StringBuilder());
        text.Append($"{manifest.Name}, version {manifest.Version}: {manifest.Labels.Count} classes, "
            + $"{manifest.Features.Set}, mask {manifest.Features.Mask}\n");
        text.Append($"trained on {manifest.Data.Trained.Count} captures, {manifest.Data.HeldOut.Count} held out; a flow "
            + $"waits at most {manifest.WaitLimitMs / 1000:G4} s\n\n");
        var table = new TextTable("tier", "model", "packets", "format", "engine", "KiB", "measure", "thresholds", "file");
        foreach (var (i, tier) in manifest.Tiers.Index())
        {
            var model = bundle.Plan.Tiers[i].Compiled;
            table.Add(tier.Name, tier.Model, $"{tier.Packets}", tier.Import?.Format ?? ModelFormats.LightGbm,
                model.EngineName, $"{model.MemoryBytes / 1024}", tier.Measure, Thresholds(tier), tier.File);
        }

        text.Append(table);
        text.Append($"\nlabels: {string.Join(", ", manifest.Labels)}\n");
        if (manifest.Promise is { } promise)
        {
            text.Append($"promise: early answers lose at most {promise.MaxLoss:P1} of all "
                + $"flows, with {promise.Confidence:P0} confidence; {promise.Lost} of {promise.Flows} test flows were lost\n");
        }

        return text.ToString();
    }

    static JsonObject Tier(BundleTier tier, TierPlan plan) => new()
    {
        ["name"] = tier.Name,
        ["model"] = tier.Model,
        ["packets"] = tier.Packets,
        ["file"] = tier.File,
        ["sha256"] = plan.ModelSha256,
        ["format"] = tier.Import?.Format ?? ModelFormats.LightGbm,
        ["engine"] = plan.Compiled.EngineName,
        ["memory_bytes"] = plan.Compiled.MemoryBytes,
        ["temperature"] = tier.Temperature,
        ["measure"] = tier.Measure,
        ["assignment"] = tier.Assignment,
        ["thresholds"] = new JsonArray([.. tier.Thresholds.Select(t => (JsonNode?)t)]),
    };

    /// <summary>One number where all are equal, else the least and the largest.</summary>
    static string Thresholds(BundleTier tier)
    {
        if (tier.Thresholds.Count == 0)
        {
            return "answers all";
        }

        var (least, most) = (tier.Thresholds.Min(), tier.Thresholds.Max());
        return $"{least:F3}{(most > least ? $"…{most:F3}" : "")}";
    }
}
