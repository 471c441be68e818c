using System.Text;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Training.Reports.Summaries;

namespace ServeFlow.Cli.Models;

/// <summary>Describes a bundle for people: its tiers, thresholds and promise.</summary>
static class BundleSummary
{
    public static string ToText(Bundle bundle)
    {
        var (manifest, text) = (bundle.Manifest, new StringBuilder());
        text.Append($"{PrintableText.Escape(manifest.Name)}, version {PrintableText.Escape(manifest.Version)}: "
            + $"{manifest.Labels.Count} classes, "
            + $"{manifest.Features.Set}, mask {manifest.Features.Mask}\n");
        text.Append(
            $"trained on {manifest.Data.Trained.Count} captures, {manifest.Data.HeldOut.Count} held out; a flow "
            + $"waits at most {manifest.WaitLimitMs / 1000:G4} s\n\n");
        var table =
            new TextTable("tier", "model", "packets", "format", "engine", "KiB", "measure", "thresholds", "file");
        foreach (var (i, tier) in manifest.Tiers.Index())
        {
            var model = bundle.Plan.Tiers[i].Compiled;
            table.Add(tier.Name, tier.Model, $"{tier.Packets}", tier.Import?.Format ?? ModelFormats.LightGbm,
                model.EngineName, $"{model.MemoryBytes / 1024}", tier.Measure, Thresholds(tier), tier.File);
        }

        text.Append(table);
        text.Append($"\nlabels: {string.Join(", ", manifest.Labels)}\n");
        if (manifest.Protocols is { } protocols)
        {
            text.Append($"protocols: IPv{string.Join(" and IPv", protocols.Network)}, "
                + $"transport {string.Join(", ", protocols.Transport)}; others are answered unknown\n");
        }

        text.Append(manifest.Drift is { } drift
            ? $"drift: watched in windows of {drift.WindowFlows} flows, beside {drift.Flows} flows of "
                + $"{drift.Captures} captures; one false alarm in {drift.WindowsPerAlarm} windows\n"
            : "drift: not watched\n");
        if (manifest.Promise is { } promise)
        {
            text.Append(promise.Vacuous
                ? "promise: none; every flow goes to the slow tier\n"
                : $"promise: early answers lose at most {promise.Bound:P2} of all flows (asked: {promise.MaxLoss:P2}), "
                    + $"with {promise.Confidence:P0} confidence; {promise.Lost} of {promise.Flows} test flows"
                    + (promise.Captures is { } captures ? $" of {captures} {manifest.Data.GroupWord}s" : "")
                    + " were lost\n");
        }

        return text.ToString();
    }

    /// <summary>Formats one number where all are equal, otherwise the smallest and the largest.</summary>
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
