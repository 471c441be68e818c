using ServeFlow.Features;
using ServeFlow.Models;

namespace ServeFlow.Cascade;

/// <summary>From a checked manifest and its models' bytes to the plan that serving runs.</summary>
static class BundleCompiler
{
    /// <exception cref="InputException">Manifest, models and this program's features do not fit each other.</exception>
    public static CascadePlan Compile(string path, BundleManifest manifest, IReadOnlyDictionary<string, byte[]> files)
    {
        var schema = CompileSchema(path, manifest.Features);
        var sha256 = manifest.Files.ToDictionary(f => f.Name, f => f.Sha256);
        var forests = new Dictionary<string, Forest>();
        foreach (var (name, bytes) in files)
        {
            forests[name] = ReadForest(Path.Combine(Path.GetDirectoryName(path)!, name), bytes);
        }

        return new()
        {
            Name = manifest.Name,
            Version = manifest.Version,
            Schema = schema,
            Labels = manifest.Labels,
            WaitLimit = TimeSpan.FromMilliseconds(manifest.WaitLimitMs),
            Tiers = [.. manifest.Tiers.Select(t => CompileTier(t, manifest.Labels.Count, forests[t.File], sha256[t.File]))],
        };
    }

    static FeatureSchema CompileSchema(string path, BundleFeatures features)
    {
        FeatureSchema schema;
        try
        {
            schema = FeatureSchema.Parse(features.Set, features.Mask);
        }
        catch (InputException e)
        {
            throw Throw.Field(path, "features", e.Message);
        }

        return schema.Hash == features.Hash
            ? schema
            : throw Throw.OtherFeatures(path, features.Hash, schema.Hash);
    }

    static Forest ReadForest(string file, byte[] bytes) => throw new NotSupportedException(file + bytes.Length);

    static TierPlan CompileTier(BundleTier tier, int labels, Forest forest, string sha256) =>
        new()
        {
            Name = tier.Name,
            Model = tier.Model,
            ModelSha256 = sha256,
            PacketDepth = tier.Packets,
            Forest = forest,
            Rule = CompileRule(tier, MeasureName.Parse(tier.Measure)!.Value, labels),
        };

    static TierRule CompileRule(BundleTier tier, UncertaintyMeasure measure, int labels) =>
        tier.Thresholds.Count > 0
            ? new(tier.Temperature, measure, tier.Thresholds)
            : TierRule.Last(tier.Temperature, measure, labels);
}
