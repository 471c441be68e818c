using System.Text;
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
        var folder = Path.GetDirectoryName(path)!;
        return new()
        {
            Name = manifest.Name,
            Version = manifest.Version,
            Schema = schema,
            Labels = manifest.Labels,
            WaitLimit = TimeSpan.FromMilliseconds(manifest.WaitLimitMs),
            Tiers =
            [
                .. manifest.Tiers.Select(t =>
                    CompileTier(t, manifest, schema, Path.Combine(folder, t.File), files[t.File])),
            ],
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

    static TierPlan CompileTier(BundleTier tier, BundleManifest manifest, FeatureSchema schema, string path,
        byte[] file)
    {
        var forest = LightGbmText.Read(Encoding.UTF8.GetString(file), path);
        if (forest.Classes != manifest.Labels.Count)
        {
            throw Throw.OtherClasses(path, forest.Classes, manifest.Labels.Count);
        }

        return new()
        {
            Name = tier.Name,
            Model = tier.Model,
            ModelSha256 = manifest.Files.First(f => f.Name == tier.File).Sha256,
            PacketDepth = tier.Packets,
            Compiled = new(forest, schema, tier.Packets, path),
            Rule = CompileRule(tier, MeasureName.Parse(tier.Measure)!.Value, forest.Classes),
        };
    }

    static TierRule CompileRule(BundleTier tier, UncertaintyMeasure measure, int labels) =>
        tier.Thresholds.Count > 0
            ? new(tier.Temperature, measure, tier.Thresholds)
            : TierRule.Last(tier.Temperature, measure, labels);
}
