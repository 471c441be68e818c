using ServeFlow.Cascade.Decisions;
using static ServeFlow.Cascade.Bundles.ManifestCheck;

namespace ServeFlow.Cascade.Bundles;

/// <summary>Checks what a manifest says about unknown flows.</summary>
static class UnknownCheck
{
    /// <summary>Signals lie between 0 and 1: beyond this a weight decides alone, and sums stay far from overflow.
    /// </summary>
    const double MaxWeight = 1e6;

    /// <exception cref="InputException">A field is unusable; the message names file and field.</exception>
    public static void Run(BundleManifest manifest, string path)
    {
        foreach (var (number, tier) in manifest.Tiers.Index())
        {
            CheckTier(manifest, tier, path, $"tiers[{number}].novelty");
        }

        if (manifest.Unknown is not { } unknown)
        {
            return;
        }

        Require(unknown.Budget is > 0 and < 1, path, "unknown.budget", $"{unknown.Budget} is not between 0 and 1");
        Require(unknown.Threshold is > 0 and <= 1, path, "unknown.threshold",
            $"{unknown.Threshold} is not above 0 and at most 1");
        Require(unknown.Thresholds is not { } thresholds || (thresholds.Count == manifest.Labels.Count
            && thresholds.All(threshold => threshold is > 0 and <= 1)), path, "unknown.thresholds",
            $"not {manifest.Labels.Count} values above 0 and at most 1");
        Require(!manifest.Labels.Contains(Classification.UnknownLabel), path, "labels",
            $"a class is called '{Classification.UnknownLabel}', which is what flows of no class are answered");
        Require(unknown.LeftOut.Count <= BundleLimits.MaxLabels, path, "unknown.left_out",
            $"{unknown.LeftOut.Count} entries, at most {BundleLimits.MaxLabels} are allowed");
        Require(!unknown.LeftOut.Any(c => c is null), path, "unknown.left_out", "one is null");
    }

    static void CheckTier(BundleManifest manifest, BundleTier tier, string path, string field)
    {
        if (tier.Novelty is not { } novelty)
        {
            Require(manifest.Unknown is null, path, field, "is missing, although the bundle answers unknown");
            return;
        }

        Require(manifest.Unknown is not null, path, field, "has no budget and threshold: field unknown is missing");
        Require(manifest.Files.Any(f => f.Name == novelty.File), path, $"{field}.file",
            $"'{InputException.Quote(novelty.File)}' is not among the bundle's files");
        var weights = novelty.Weights;
        Require(new[] { weights.Bias, weights.Rarity, weights.Foreignness, weights.Uncertainty,
                weights.Spread, weights.Improbability, weights.Strangeness }
            .All(weight => Math.Abs(weight) <= MaxWeight), path, $"{field}.weights",
            $"one is beyond {MaxWeight}");
    }
}
