using ServeFlow.Cascade;
using ServeFlow.Cascade.Bundles;
using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Cli.Models;

/// <summary>Represents the object that <c>model show --json</c> prints of a bundle.</summary>
sealed record BundleDocument(string Bundle, string Name, string Version, string Features, string Mask, int Classes,
    IReadOnlyList<string> Labels, double WaitLimitMs, IReadOnlyList<TierDocument> Tiers, PromiseDocument? Promise,
    int TrainedOn, int HeldOut)
{
    public static BundleDocument From(Bundle bundle)
    {
        var manifest = bundle.Manifest;
        return new(bundle.Folder, manifest.Name, manifest.Version, manifest.Features.Set, manifest.Features.Mask,
            manifest.Labels.Count, manifest.Labels, manifest.WaitLimitMs,
            [.. manifest.Tiers.Zip(bundle.Plan.Tiers, TierDocument.From)],
            manifest.Promise is { } p
                ? new(p.MaxLoss, p.Confidence, p.Flows, p.Lost, p.Bound, p.Captures, p.Vacuous)
                : null,
            manifest.Data.Trained.Count, manifest.Data.HeldOut.Count);
    }
}

/// <summary>Represents a tier of a bundle, as the manifest has it and as it is loaded.</summary>
sealed record TierDocument(string Name, string Model, int Packets, string File, string Sha256, string Format,
    string Engine, long MemoryBytes, double Temperature, string Measure, string Assignment,
    IReadOnlyList<double> Thresholds)
{
    public static TierDocument From(BundleTier tier, TierPlan plan) => new(tier.Name, tier.Model, tier.Packets,
        tier.File, plan.ModelSha256, tier.Import?.Format ?? ModelFormats.LightGbm, plan.Compiled.EngineName,
        plan.Compiled.MemoryBytes, tier.Temperature, tier.Measure, tier.Assignment, tier.Thresholds);
}

/// <summary>Holds what training promised, and the test that it rests on.</summary>
sealed record PromiseDocument(double MaxLoss, double Confidence, int Flows, int Lost, double Bound, int? Captures,
    bool Vacuous);
