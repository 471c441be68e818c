using ServeFlow.Cascade.Decisions;
using ServeFlow.Cascade.Drift;
using ServeFlow.Cascade.OpenSet;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;

namespace ServeFlow.Cascade.Bundles;

/// <summary>Compiles a checked manifest and its models' bytes to the plan that serving runs.</summary>
static class BundleCompiler
{
    /// <param name="prepare">Whether models are compiled in full.</param>
    /// <exception cref="InputException">Manifest, models and this program's features do not fit each other.</exception>
    public static CascadePlan Compile(string path, BundleManifest manifest, IReadOnlyDictionary<string, byte[]> files,
        ModelFormats formats, bool prepare)
    {
        var schema = CompileSchema(path, manifest.Features);
        var folder = Path.GetDirectoryName(path)!;
        var openings = manifest.Tiers.Select(t => t.Novelty?.File).OfType<string>().Distinct()
            .ToDictionary(file => file,
            file => OpeningCounts.Read(files[file], Path.Combine(folder, file)).Compile(schema));
        var tiers = manifest.Tiers.Select(tier => Task.Run(() => CompileTier(tier, manifest,
            CompileModel(tier, manifest.Labels, schema, Path.Combine(folder, tier.File), files[tier.File], formats),
            CompileGain(tier, schema, folder, files),
            CompileNovelty(tier, manifest.Unknown, manifest.Labels.Count, openings),
            prepare))).ToArray();
        return new()
        {
            Name = manifest.Name,
            Version = manifest.Version,
            Schema = schema,
            Labels = manifest.Labels,
            Window = manifest.WindowMs is { } window ? TimeSpan.FromMilliseconds(window) : null,
            WaitLimit = TimeSpan.FromMilliseconds(manifest.WaitLimitMs),
            Flows = manifest.Flows?.ToOptions() ?? new(),
            Protocols = manifest.Protocols?.Compile(),
            Drift = manifest.Drift is { } drift ? CompileDrift(drift, manifest, schema, path) : null,
            // The first tier's error is the one that is told.
            Tiers = [.. tiers.Select(tier => tier.GetAwaiter().GetResult())],
        };
    }

    static DriftPlan CompileDrift(DriftBaseline baseline, BundleManifest manifest, FeatureSchema schema, string path)
    {
        try
        {
            return DriftPlan.Compile(baseline, manifest.Labels, [.. manifest.Tiers.Select(tier => tier.Name)], schema,
                manifest.Tiers[0].Packets);
        }
        catch (InputException e)
        {
            throw new InputException(BundleProblem.Field(path, "drift", e.Message), e);
        }
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
            throw new InputException(BundleProblem.Field(path, "features", e.Message));
        }

        return schema.Hash == features.Hash
            ? schema
            : throw new InputException(BundleProblem.OtherFeatures(path, features.Hash, schema.Hash));
    }

    static ITierModel CompileModel(BundleTier tier, IReadOnlyList<string> labels, FeatureSchema schema, string path,
        byte[] bytes, ModelFormats formats)
    {
        var format = tier.Import?.Format ?? ModelFormats.LightGbm;
        var reader = formats.Find(format) ?? throw new InputException(BundleProblem.UnknownFormat(path, format));
        var file = reader.Read(bytes, path);
        var classes = tier.Import?.Classes.Count ?? labels.Count;
        if (file.Classes != classes)
        {
            throw new InputException(BundleProblem.OtherClasses(path, file.Classes, classes));
        }

        var model = file.Bind(schema, tier.Packets);
        return tier.Import is { } import ? import.Apply(model, labels.Count) : model;
    }

    static ITierModel? CompileGain(BundleTier tier, FeatureSchema schema, string folder,
        IReadOnlyDictionary<string, byte[]> files)
    {
        if (tier.GainFile is not { } name)
        {
            return null;
        }

        var path = Path.Combine(folder, name);
        var file = ModelFormats.BuiltIn.Find(ModelFormats.LightGbm)!.Read(files[name], path);
        return file.Classes == GainModel.Outcomes
            ? file.Bind(schema, tier.Packets)
            : throw new InputException(BundleProblem.NoGainModel(path, file.Classes));
    }

    static TierPlan CompileTier(BundleTier tier, BundleManifest manifest, ITierModel model, ITierModel? gain,
        NoveltyRule? novelty, bool prepare)
    {
        var plan = new TierPlan
        {
            Name = tier.Name,
            Model = tier.Model,
            ModelSha256 = manifest.Files.First(f => f.Name == tier.File).Sha256,
            PacketDepth = tier.Packets,
            Compiled = model,
            Import = tier.Import,
            EscalationTimeouts = tier.EscalationTimeoutsMs?.Select(TimeSpan.FromMilliseconds).ToArray(),
            Gain = gain,
            Rule = CompileRule(tier, MeasureName.Parse(tier.Measure)!.Value, manifest.Labels.Count),
            Novelty = novelty,
        };
        if (prepare)
        {
            plan.Prepare();
        }

        return plan;
    }

    static NoveltyRule? CompileNovelty(BundleTier tier, BundleUnknown? unknown, int labels,
        IReadOnlyDictionary<string, OpeningTable> openings) => tier.Novelty is { } novelty && unknown is not null
            ? new(openings[novelty.File], novelty.Weights, unknown.ThresholdsOf(labels))
            : null;

    static TierRule CompileRule(BundleTier tier, UncertaintyMeasure measure, int labels) =>
        (tier.Thresholds.Count > 0
            ? new TierRule(tier.Temperature, measure, tier.Thresholds)
            : TierRule.ForLastTier(tier.Temperature, measure, labels)) with
        {
            Isotonic = tier.Isotonic is { } knots ? new(knots.Confidences, knots.Accuracies) : null,
        };
}
